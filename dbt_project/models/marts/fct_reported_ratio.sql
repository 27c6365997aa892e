-- One row per percentage that the text or a form prints.
with ratio as (
    select * from {{ ref('int_ratio__keyed') }}
),

document as (
    select * from {{ ref('int_document__published') }}
),

reading as (
    select * from {{ ref('stg_disclosure__reading_confidence') }}
)

select
    ratio.document_id,
    document.unit_id,
    ratio.fiscal_year,
    ratio.stage,
    ratio.statement_code,
    ratio.source,
    ratio.said_fund_code as fund_code,
    ratio.subject_type,
    ratio.subject_code,
    ratio.subject_name,
    ratio.ratio,
    ratio.comparison_base,
    ratio.occurrence,
    ratio.reported_pct,
    ratio.reported_decimals,
    ratio.page_no,
    ratio.source_ref,
    reading.ocr_confidence
from ratio
inner join document
    on ratio.document_id = document.document_id
left join reading
    on ratio.document_id = reading.document_id and ratio.source_ref = reading.source_ref
