-- One row per percentage that a sentence or a form prints, once for each key and value; another value is occurrence 2, 3 …
with claim as (
    select *
    from {{ ref('int_claim__code_resolved') }}
    where fact = 'ratio'
),

performance_report as (
    select document_id
    from {{ ref('stg_disclosure__document') }}
    where doc_type = 'performance_report'
),

-- the rate of a report on the whole expenditure stands in its funding, and is a printed percentage all the same
whole_rate as (
    select claim.* replace (
        'ratio' as fact,
        'measure' as subject_type,
        'total' as subject_code,
        'execution_rate' as ratio
    )
    from {{ ref('int_claim__code_resolved') }} as claim
    semi join performance_report
        on claim.document_id = performance_report.document_id
    where claim.fact = 'project_funding' and claim.amount_column = 'execution_rate' and claim.scope = 'unit' and claim.subject_code = 'total'
),

printed_rate as (
    select * from claim
    union all by name
    select * from whole_rate
),

stated as (
    select
        document_id,
        stage,
        fiscal_year,
        statement_code,
        'narrative' as source,
        fund_code,
        said_fund_code,
        subject_type,
        case when subject_type in ('function', 'economic') then row_key else subject_code end as subject_key,
        case when subject_type in ('function', 'economic') then coalesce(code, government_economic_code) else subject_code end as subject_code,
        label as subject_name,
        ratio,
        comparison_base,
        cast(reported_value as decimal(14, 4)) as reported_pct,
        reported_decimals,
        page_no,
        source_ref,
        0 as form_no,
        claim_no as row_no,
        0 as col_no
    from printed_rate
    union all by name
    select
        document_id,
        stage,
        fiscal_year,
        statement_code,
        'table' as source,
        said_fund_code as fund_code,
        said_fund_code,
        subject_type,
        coalesce(subject_row_key, subject_code) as subject_key,
        subject_code,
        subject_name,
        ratio,
        comparison_base,
        cast(reported_pct as decimal(14, 4)) as reported_pct,
        reported_decimals,
        page_no,
        source_ref,
        form_no,
        row_no,
        col_no
    from {{ ref('int_form_rate__subject_resolved') }}
    where stage is not null
),

first_printed as (
    select *
    from stated
    qualify row_number() over (
        partition by document_id, source, statement_code, said_fund_code, subject_type, subject_key, ratio, reported_pct
        order by form_no, row_no, col_no
    ) = 1
)

select
    * exclude (form_no, row_no, col_no),
    cast(row_number() over (
        partition by document_id, source, statement_code, said_fund_code, subject_type, subject_key, ratio
        order by form_no, row_no, col_no
    ) as integer) as occurrence
from first_printed
