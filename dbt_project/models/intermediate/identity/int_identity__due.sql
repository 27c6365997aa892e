-- One row per check that is due.
{% set dimensions = scope_dimensions() -%}

with rule as (

    select * from {{ ref('int_identity__rule') }}

),

expected as (

    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'terms'

),

opened_scope as (

    select distinct
        value.document_id,
        value.identity_id,
        {%- for dimension in dimensions %}
        case
            when rule.is_{{ dimension }}_in_key then value.{{ dimension }}
            else coalesce(rule.anchor_{{ dimension }}, '')
        end as {{ dimension }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_identity__value') }} as value
    inner join rule using (identity_id, side, term_number)
    inner join expected using (document_id, identity_id)
    where
        rule.can_open_a_scope
        and value.stated_count > 0

),

keyed_scope as (

    select
        opened_scope.*,
        concat_ws(
            '/',
            case when rule.anchor_source is null then opened_scope.source end,
            nullif(opened_scope.statement_code, ''),
            case when rule.anchor_fact is null then opened_scope.fact end,
            nullif(opened_scope.fund_code, ''),
            nullif(opened_scope.row_key, ''),
            nullif(opened_scope.column_key, ''),
            nullif(opened_scope.basis, '')
        ) as scope
    from opened_scope
    inner join rule
        on
            opened_scope.identity_id = rule.identity_id
            and rule.is_anchor

),

named_scope as (

    select
        md5(concat_ws('|', document_id, identity_id, source, fact, scope)) as check_key,
        *
    from keyed_scope

),

failed_condition as (

    select distinct scope.check_key
    from named_scope as scope
    inner join rule
        on
            scope.identity_id = rule.identity_id
            and (rule.is_anchor or rule.when_blank in ('if_printed', 'if_stated', 'unless_stated', 'unless_nonzero'))
    left join {{ ref('int_identity__value') }} as value
        on
            scope.document_id = value.document_id
            and rule.identity_id = value.identity_id
            and rule.side = value.side
            and rule.term_number = value.term_number
            {%- for dimension in dimensions %}
            and case when rule.is_{{ dimension }}_in_key then scope.{{ dimension }} else '' end = value.{{ dimension }}
            {%- endfor %}
    where
        case
            when rule.when_blank = 'if_printed' then value.line_count is null
            when rule.when_blank = 'if_stated' then coalesce(value.stated_count, 0) = 0
            when rule.when_blank = 'unless_stated' then coalesce(value.stated_count, 0) > 0
            when rule.when_blank = 'unless_nonzero' then coalesce(value.has_nonzero, false)
            else rule.has_details and value.line_count is null
        end

),

scope_that_applies as (

    select scope.*
    from named_scope as scope
    anti join failed_condition using (check_key)

),

placeholder as (

    select
        md5(concat_ws('|', expected.document_id, expected.identity_id)) as check_key,
        expected.document_id,
        expected.identity_id,
        {%- for dimension in dimensions %}
        '' as {{ dimension }},
        {%- endfor %}
        '-' as scope
    from expected
    anti join scope_that_applies using (document_id, identity_id)

)

select
    *,
    false as is_placeholder
from scope_that_applies
union all by name
select
    *,
    true as is_placeholder
from placeholder
