-- One row per figure of the three public expenses.
select
    document_id,
    unit_id,
    fiscal_year,
    stage,
    statement_code,
    source,
    fund_code,
    basis,
    comparison_base,
    budget_unit_name,
    budget_part,
    subject_key as item,
    occurrence,
    amount_yuan,
    reported_value,
    reported_unit,
    reported_decimals,
    unit_inferred,
    page_no,
    source_ref,
    ocr_confidence
from {{ ref('int_fact__published') }}
where fact = 'three_public'
