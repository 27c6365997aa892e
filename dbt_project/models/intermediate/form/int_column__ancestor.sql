-- One row per column of a fact and each column above it in the tree that adds up.
with recursive column_tree as (
    select
        'revenue' as fact,
        revenue_source as column_key,
        parent_source as parent_key
    from {{ ref('revenue_source') }}
    union all
    select
        'expenditure' as fact,
        measure as column_key,
        parent_measure as parent_key
    from {{ ref('measure') }}
    union all
    select
        'economic' as fact,
        unnest(['personnel', 'public']) as column_key,
        'total' as parent_key
),

ancestor as (
    select
        fact,
        column_key,
        parent_key as ancestor_key,
        1 as distance
    from column_tree
    where parent_key is not null
    union all
    select
        ancestor.fact,
        ancestor.column_key,
        column_tree.parent_key as ancestor_key,
        ancestor.distance + 1 as distance
    from ancestor
    inner join column_tree
        on ancestor.fact = column_tree.fact and ancestor.ancestor_key = column_tree.column_key
    where column_tree.parent_key is not null
)

select
    fact,
    column_key,
    ancestor_key,
    distance
from ancestor
