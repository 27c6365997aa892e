-- One row per printed column of a row that has a parent there: the nearest ancestor that the same row prints.
with complete as (
    select * from {{ ref('int_line__completed') }}
),

column_ancestor as (
    select * from {{ ref('int_column__ancestor') }}
),

printed_column as (
    select distinct
        document_id,
        source,
        statement_code,
        fact,
        fund_code,
        basis,
        row_key,
        column_key
    from complete
    where occurrence = 1
),

column_parent as (
    select
        child.document_id,
        child.source,
        child.statement_code,
        child.fact,
        child.fund_code,
        child.basis,
        child.row_key,
        child.column_key,
        arg_min(column_ancestor.ancestor_key, column_ancestor.distance) as parent_column_key
    from printed_column as child
    inner join column_ancestor
        on child.fact = column_ancestor.fact and child.column_key = column_ancestor.column_key
    left join printed_column as parent
        on
            child.document_id = parent.document_id
            and child.source = parent.source
            and child.statement_code = parent.statement_code
            and child.fact = parent.fact
            and child.fund_code = parent.fund_code
            and child.basis = parent.basis
            and child.row_key = parent.row_key
            and column_ancestor.ancestor_key = parent.column_key
    where parent.column_key is not null or column_ancestor.ancestor_key = 'total'
    group by all
)

select * from column_parent
