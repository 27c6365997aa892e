-- One row per reason that a sentence gives for a change.
with reason as (
    select * from {{ ref('int_change_reason__keyed') }}
),

published as (
    {{ published('reason') }}
)

select
    document_id,
    unit_id,
    fiscal_year,
    stage,
    statement_code,
    source,
    subject_type,
    subject_code,
    subject_name,
    fund_code,
    compared_with,
    direction,
    occurrence,
    amount_yuan,
    reason_zh,
    page_no,
    source_ref,
    ocr_confidence
from published
