-- One row per document and form.
{% set least_decided_checks = 4 -%}

with expected as (

    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__misreading_checked'

),

decided_check as (

    select
        equation.document_id,
        equation.statement_code,
        equation.status,
        equation.page_no
    from {{ ref('int_identity__equation_checked') }} as equation
    inner join {{ ref('identities') }} as identity using (identity_id)
    where
        identity.family = 'sum'
        and equation.status in ('pass', 'fail')

),

counted_form as (

    select
        document_id,
        statement_code,
        count(*) as decided_count,
        count(*) filter (where status = 'fail') as failed_count,
        min(page_no) as page_no
    from decided_check
    group by
        document_id,
        statement_code

),

judged_form as (

    select
        *,
        case
            when decided_count < {{ least_decided_checks }} then 'not_evaluable'
            when failed_count * 2 > decided_count then 'fail'
            else 'pass'
        end as status
    from counted_form

)

select
    md5(concat_ws('|', expected.document_id, expected.identity_id, judged_form.statement_code)) as check_key,
    expected.document_id,
    expected.identity_id,
    coalesce(judged_form.statement_code, '-') as scope,
    'count' as value_unit,
    coalesce(judged_form.status, 'not_applicable') as status,
    case
        when judged_form.document_id is null then 'not_printed'
        when judged_form.status = 'not_evaluable' then 'too_few_checks'
    end as reason_code,
    cast(judged_form.failed_count as decimal(28, 4)) as lhs,
    cast(0 as decimal(28, 4)) as rhs,
    case when judged_form.status <> 'not_evaluable' then cast(judged_form.failed_count as decimal(28, 4)) end
        as difference,
    case when judged_form.status <> 'not_evaluable' then cast(judged_form.decided_count * 0.5 as decimal(28, 8)) end
        as tolerance,
    cast(null as varchar) as lhs_ref,
    cast(null as varchar) as rhs_ref,
    judged_form.page_no,
    judged_form.statement_code,
    cast(null as varchar) as fund_code,
    cast(null as varchar) as row_key,
    cast(null as varchar) as column_key,
    cast(null as varchar) as basis,
    '《' || form.name_zh || '》已判定的 ' || judged_form.decided_count || ' 条表内关系中有 ' || judged_form.failed_count
    || ' 条不成立，更可能是识别有误。' as message_zh,
    judged_form.failed_count || ' of ' || judged_form.decided_count || ' decided sum checks of "' || form.name_en
    || '" fail: more likely our misreading.' as message_en,
    '不成立 ' || judged_form.failed_count || ' 条' as lhs_terms,
    '已判定 ' || judged_form.decided_count || ' 条' as rhs_terms
from expected
left join judged_form using (document_id)
left join {{ ref('forms') }} as form
    on judged_form.statement_code = form.statement_code
