-- One row per single figure that is disclosed: operating expense, procurement, assets, staff, counts.
with metric as (
    select * from {{ ref('int_metric__keyed') }}
),

document as (
    select * from {{ ref('int_document__published') }}
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
    metric.basis,
    metric.comparison_base,
    metric.occurrence,
    metric.value,
    metric.unit,
    metric.reported_value,
    metric.reported_unit,
    metric.reported_decimals,
    metric.page_no,
    metric.source_ref
from metric
inner join document
    on metric.document_id = document.document_id
