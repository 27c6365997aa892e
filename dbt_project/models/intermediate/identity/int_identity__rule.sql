-- One row per term of an active identity, resolved against its anchor.
{% set dimensions = scope_dimensions() -%}

with active_identity as (

    select
        identity_id,
        document_kind,
        tolerance_policy_id,
        relation,
        family
    from {{ ref('identities') }}
    where
        lifecycle = 'active'
        and evaluation = 'terms'

),

anchor as (

    select *
    from {{ ref('identity_terms') }}
    where
        side = 'left'
        and term_number = 1

),

resolved as (

    select
        term.identity_id,
        identity.family,
        identity.document_kind,
        identity.tolerance_policy_id,
        identity.relation,
        term.side,
        cast(term.term_number as integer) as term_number,
        cast(term.sign as integer) as sign,
        term.pick,
        term.document,
        term.when_blank,
        term.side = 'left' and term.term_number = 1 as is_anchor,
        case
            when term.pick in ('line', 'any')
                then string_split(nullif(case when term.level = '=' then anchor.level else term.level end, '*'), '|')
        end as level_filter,
        {%- for dimension in dimensions %}
        string_split(
            nullif(case when term.{{ dimension }} = '=' then anchor.{{ dimension }} else term.{{ dimension }} end, '*'),
            '|'
        ) as {{ dimension }}_filter,
        (term.side = 'left' and term.term_number = 1) or term.{{ dimension }} = '=' as is_{{ dimension }}_in_key,
        case
            when anchor.{{ dimension }} not like '%|%' then nullif(anchor.{{ dimension }}, '*')
        end as anchor_{{ dimension }},
        {%- endfor %}
        coalesce(nullif(term.fact, '='), anchor.fact) not in ('metric', 'performance', 'project_funding')
        and coalesce(nullif(term.source, '='), anchor.source) <> 'narrative' as is_of_forms,
        case
            when term.statement_code not in ('*', '=') and term.statement_code not like '%|%' then term.statement_code
        end as own_statement_code
    from {{ ref('identity_terms') }} as term
    inner join active_identity as identity
        on term.identity_id = identity.identity_id
    inner join anchor
        on term.identity_id = anchor.identity_id

)

select
    *,
    bool_or(pick in ('row_children', 'column_children')) over (partition by identity_id) as has_details,
    (
        side in ('left', 'right')
        and document = 'own'
        and pick <> 'any'
        {%- for dimension in dimensions %}
        and (is_{{ dimension }}_in_key or anchor_{{ dimension }} is not null)
        {%- endfor %}
    ) as can_open_a_scope
from resolved
