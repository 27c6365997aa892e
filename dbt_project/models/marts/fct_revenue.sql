-- One row per revenue figure.
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
    column_key as revenue_source,
    code as function_code,
    case when level != 'total' then label end as function_name,
    level,
    is_leaf,
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
where fact = 'revenue'
