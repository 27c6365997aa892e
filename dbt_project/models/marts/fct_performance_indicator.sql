-- One row per indicator of a performance form.
with indicator as (
    select * from {{ ref('int_performance__indicator_parsed') }}
),

published as (
    {{ published('indicator') }}
)

select
    document_id,
    unit_id,
    fiscal_year,
    stage,
    statement_code,
    source,
    form,
    scope,
    project_no,
    project_name,
    budget_unit_name,
    indicator_no,
    level1_name,
    level2_name,
    indicator_name,
    target_text,
    target_operator,
    target_value,
    target_unit,
    target_basis,
    prior_year_text,
    actual_text,
    actual_value,
    actual_unit,
    completion_rate_pct,
    weight,
    score,
    deviation_reason,
    page_no,
    source_ref,
    ocr_confidence
from published
