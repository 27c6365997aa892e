-- One row per indicator of a performance form.
with indicator as (
    select * from {{ ref('int_performance__indicator_parsed') }}
),

document as (
    select * from {{ ref('int_document__published') }}
),

reading as (
    select * from {{ ref('stg_disclosure__reading_confidence') }}
)

select
    indicator.document_id,
    document.unit_id,
    indicator.fiscal_year,
    indicator.stage,
    indicator.statement_code,
    indicator.source,
    indicator.form,
    indicator.scope,
    indicator.project_no,
    indicator.project_name,
    indicator.budget_unit_name,
    indicator.indicator_no,
    indicator.level1_name,
    indicator.level2_name,
    indicator.indicator_name,
    indicator.target_text,
    indicator.target_operator,
    indicator.target_value,
    indicator.target_unit,
    indicator.target_basis,
    indicator.prior_year_text,
    indicator.actual_text,
    indicator.actual_value,
    indicator.actual_unit,
    indicator.completion_rate_pct,
    indicator.weight,
    indicator.score,
    indicator.deviation_reason,
    indicator.page_no,
    indicator.source_ref,
    reading.ocr_confidence
from indicator
inner join document
    on indicator.document_id = document.document_id
left join reading
    on indicator.document_id = reading.document_id and indicator.source_ref = reading.source_ref
