-- One row per percentage that a sentence prints, once for each key and value; another value is occurrence 2, 3 …
with claim as (
    select
        *,
        case when subject_type in ('function', 'economic') then row_key else subject_code end as subject_key
    from {{ ref('int_claim__code_resolved') }}
    where fact = 'ratio'
),

first_printed as (
    select *
    from claim
    qualify row_number() over (
        partition by document_id, statement_code, subject_type, subject_key, ratio, reported_value
        order by claim_no
    ) = 1
)

select
    document_id,
    stage,
    fiscal_year,
    statement_code,
    'narrative' as source,
    fund_code,
    said_fund_code,
    subject_type,
    subject_key,
    case when subject_type in ('function', 'economic') then coalesce(code, government_economic_code) else subject_code end as subject_code,
    label as subject_name,
    ratio,
    comparison_base,
    cast(reported_value as decimal(14, 4)) as reported_pct,
    reported_decimals,
    page_no,
    source_ref,
    cast(row_number() over (
        partition by document_id, statement_code, subject_type, subject_key, ratio
        order by claim_no
    ) as integer) as occurrence
from first_printed
