-- One row per balancing item.
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
where
    fact = 'balance'
    -- the total of a form of revenue or of expenditure is said by its fact's total
    and (
        source = 'narrative'
        or statement_code not in ('revenue', 'expenditure')
        or subject_key not in ('total_income', 'total_expenditure', 'current_income', 'current_expenditure')
    )
