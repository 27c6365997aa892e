-- One row per document and form.
{% set least_decided_checks = 4 -%}

with decided_check as (

    select
        equation.document_id,
        equation.statement_code,
        equation.page_no,
        -- a sum that leaves out a row of its column is no sign of a misreading
        equation.status = 'fail' and row_left_out.check_key is null as is_failed
    from {{ ref('int_identity__equation_checked') }} as equation
    inner join {{ ref('identities') }} as identity using (identity_id)
    inner join {{ ref('int_identity__rule') }} as rule
        on
            equation.identity_id = rule.identity_id
            and rule.is_anchor
    left join {{ ref('int_identity__row_left_out') }} as row_left_out using (check_key)
    where
        identity.family = 'sum'
        and rule.is_of_forms
        and identity.relation = 'equal'
        and equation.status in ('pass', 'fail')

),

counted_form as (

    select
        document_id,
        statement_code,
        count(*) as decided_count,
        count(*) filter (where is_failed) as failed_count,
        min(page_no) as page_no
    from decided_check
    group by
        document_id,
        statement_code

)

select
    counted_form.document_id,
    'READ-001' as identity_id,
    counted_form.statement_code as place,
    'count' as value_unit,
    case when counted_form.decided_count < {{ least_decided_checks }} then 'too_few_checks' end as reason_code,
    counted_form.failed_count as lhs,
    0 as rhs,
    counted_form.decided_count * 0.5 as tolerance,
    counted_form.page_no,
    counted_form.statement_code,
    {{ arguments(form=['form.name_zh', 'form.name_en'], decided='counted_form.decided_count', failed='counted_form.failed_count') }} as arguments,
    '不成立 ' || counted_form.failed_count || ' 条' as lhs_terms,
    '已判定 ' || counted_form.decided_count || ' 条' as rhs_terms
from counted_form
left join {{ ref('forms') }} as form
    on counted_form.statement_code = form.statement_code
