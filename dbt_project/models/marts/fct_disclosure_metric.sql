-- One row per single figure that a document discloses: operating expense, procurement, assets, staff, counts.
with metric as (
    select * from {{ ref('int_metric__keyed') }}
),

document as (
    select * from {{ ref('int_document__published') }}
),

reading as (
    select * from {{ ref('stg_disclosure__reading_confidence') }}
)

select
    metric.document_id,
    document.unit_id,
    metric.fiscal_year,
    metric.stage,
    metric.statement_code,
    metric.source,
    metric.metric_code,
    metric.detail,
    metric.fund_code,
    metric.basis,
    metric.comparison_base,
    metric.occurrence,
    metric.value,
    metric.unit,
    metric.reported_value,
    metric.reported_unit,
    metric.reported_decimals,
    metric.page_no,
    metric.source_ref,
    reading.ocr_confidence
from metric
inner join document
    on metric.document_id = document.document_id
left join reading
    on metric.document_id = reading.document_id and metric.source_ref = reading.source_ref
