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

),

suspect as (

    select * from {{ ref('int_finding__suspect') }}

),

-- what misleads nobody is information: a total printed with fewer digits than its rows, a last digit that was cut, what the document
-- itself says of its last digits. Each figure stands for what its own digits leave open
printed_cell as (

    select
        document_id,
        source_ref,
        max({{ half_width_yuan('reported_decimals', 'reported_unit') }}) as own_half_width_yuan
    from {{ ref('int_line__unified') }}
    group by
        document_id,
        source_ref

),

-- a document may say that its last digits do not add up
declared_rounding as (

    select distinct document_id
    from {{ ref('stg_disclosure__paragraph') }}
    where regexp_matches(text, '(四舍五入|尾数|尾差|进位)[^。；]{0,30}(误差|差异|差额|不一致|不等|不符|出入)|(误差|差异|差额|不一致|不等|不符|出入)[^。；]{0,30}(四舍五入|尾数|尾差|进位)')

),

rounded_amount as (

    select
        broken_check.check_key,
        -- the text may have cut the last digit instead of rounding it
        abs(broken_check.difference)
        <= sum(printed_cell.own_half_width_yuan)
        * case when identity.family = 'narrative_vs_table' or declared.document_id is not null then 2 else 1 end as is_rounding
    from broken_check
    inner join {{ ref('identity') }} as identity using (identity_id)
    inner join {{ ref('int_identity__figure') }} as figure using (check_key)
    inner join printed_cell
        on
            figure.document_id = printed_cell.document_id
            and figure.source_ref = printed_cell.source_ref
    left join declared_rounding as declared
        on broken_check.document_id = declared.document_id
    where broken_check.value_unit = 'yuan'
    group by
        broken_check.check_key,
        broken_check.difference,
        identity.family,
        declared.document_id

),

-- a rate whose last digit was cut instead of rounded
rounded_rate as (

    select
        broken_check.check_key,
        abs(broken_check.difference) <= 2 * broken_check.tolerance as is_rounding
    from broken_check
    inner join {{ ref('identity') }} as identity using (identity_id)
    where
        broken_check.value_unit = 'pct'
        and identity.family in ('share', 'change_rate', 'variance_rate', 'execution_rate')

),

rounded_check as (

    select * from rounded_amount
    union all
    select * from rounded_rate

)

select
    broken_check.check_key as finding_key,
    broken_check.document_id,
    broken_check.identity_id,
    identity.family,
    case when rounded_check.is_rounding then 'info' else identity.severity end as severity,
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
    broken_check.rhs_ref,
    coalesce(suspect.cause_key, broken_check.check_key) as cause_key,
    coalesce(suspect.cause_key, broken_check.check_key) = broken_check.check_key as is_cause,
    suspect.suspect_ref,
    case
        when suspect.failed_count > 1
            then '最可能有误的是此数：不成立的检查有 ' || suspect.failed_count || ' 项用到它，成立的有 ' || suspect.passed_count || ' 项。'
        when suspect.suspect_ref is not null
            then '最可能有误的是此数：用到它的检查成立 ' || suspect.passed_count || ' 项，用到另一数的成立 ' || suspect.next_passed_count || ' 项。'
    end as suspect_reason_zh,
    case
        when suspect.failed_count > 1
            then 'Most likely this figure is wrong: ' || suspect.failed_count || ' failed checks use it, ' || suspect.passed_count || ' passing ones.'
        when suspect.suspect_ref is not null
            then 'Most likely this figure is wrong: ' || suspect.passed_count || ' passing checks use it, ' || suspect.next_passed_count
                || ' use the other.'
    end as suspect_reason_en
from broken_check
inner join {{ ref('identity') }} as identity using (identity_id)
left join explanation using (check_key)
left join suspect using (check_key)
left join rounded_check using (check_key)
