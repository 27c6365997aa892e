-- One row per single figure that a document discloses: operating expense, procurement, assets, staff, counts.
with metric as (
    select * from {{ ref('int_metric__keyed') }}
),

published as (
    {{ published('metric') }}
)

select
    document_id,
    unit_id,
    fiscal_year,
    stage,
    statement_code,
    source,
    metric_code,
    detail,
    fund_code,
    basis,
    comparison_base,
    occurrence,
    value,
    unit,
    reported_value,
    reported_unit,
    reported_decimals,
    page_no,
    source_ref,
    ocr_confidence
from published
