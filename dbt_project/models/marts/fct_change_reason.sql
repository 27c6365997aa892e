-- One row per reason that a sentence gives for a change.
with reason as (
    select * from {{ ref('int_change_reason__keyed') }}
),

document as (
    select * from {{ ref('int_document__published') }}
),

reading as (
    select * from {{ ref('stg_disclosure__reading_confidence') }}
)

select
    reason.document_id,
    document.unit_id,
    reason.fiscal_year,
    reason.stage,
    reason.statement_code,
    reason.source,
    reason.subject_type,
    reason.subject_code,
    reason.subject_name,
    reason.fund_code,
    reason.compared_with,
    reason.direction,
    reason.occurrence,
    reason.amount_yuan,
    reason.reason_zh,
    reason.page_no,
    reason.source_ref,
    reading.ocr_confidence
from reason
inner join document
    on reason.document_id = document.document_id
left join reading
    on reason.document_id = reading.document_id and reason.source_ref = reading.source_ref
