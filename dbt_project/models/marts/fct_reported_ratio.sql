-- One row per percentage that the text or a form prints.
with ratio as (
    select * from {{ ref('int_ratio__keyed') }}
),

published as (
    {{ published('ratio') }}
)

select
    document_id,
    unit_id,
    fiscal_year,
    stage,
    statement_code,
    source,
    said_fund_code as fund_code,
    subject_type,
    subject_code,
    subject_name,
    ratio,
    comparison_base,
    occurrence,
    reported_pct,
    reported_decimals,
    page_no,
    source_ref,
    ocr_confidence
from published
