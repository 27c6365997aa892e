-- One row per finding.
with broken_check as (

    select *
    from {{ ref('fct_identity_check') }}
    where status in ('fail', 'waived')

),

explanation as (

    select
        check_key,
        message_zh,
        message_en,
        lhs_terms,
        rhs_terms
    from {{ ref('int_identity__check') }}

)

select
    broken_check.check_key as finding_key,
    broken_check.document_id,
    broken_check.identity_id,
    identity.family,
    identity.severity,
    broken_check.scope,
    broken_check.page_no,
    explanation.message_zh,
    explanation.message_en,
    {{ number_text('broken_check.lhs', "case when broken_check.value_unit = 'yuan' then 2 else 0 end") }} as reported,
    {{ number_text('broken_check.rhs', "case when broken_check.value_unit = 'yuan' then 2 else 0 end") }} as expected,
    {{ number_text('broken_check.difference', "case when broken_check.value_unit = 'yuan' then 2 else 0 end") }}
        as difference,
    broken_check.value_unit,
    broken_check.status = 'waived' as accepted,
    broken_check.waiver_reason as accepted_reason,
    broken_check.statement_code,
    broken_check.fund_code,
    broken_check.row_key,
    broken_check.column_key,
    broken_check.basis,
    explanation.lhs_terms,
    explanation.rhs_terms,
    broken_check.lhs_ref,
    broken_check.rhs_ref
from broken_check
inner join {{ ref('identity') }} as identity using (identity_id)
left join explanation using (check_key)
