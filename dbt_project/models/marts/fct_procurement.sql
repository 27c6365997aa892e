-- One row per line and amount column of a procurement or service purchase form.
with line as (
    select * from {{ ref('int_procurement__line_numbered') }}
),

published as (
    {{ published('line', source="'table'") }}
)

select
    document_id,
    unit_id,
    fiscal_year,
    stage,
    statement_code,
    'table' as source,
    fund_code,
    basis,
    cast(null as varchar) as comparison_base,
    budget_unit_name,
    budget_part,
    line_no,
    level,
    category,
    item_name,
    catalogue_code,
    project_name,
    function_code,
    economic_code,
    government_economic_code,
    set_aside,
    quantity,
    quantity_unit,
    method,
    cast(row_number() over (
        partition by document_id, statement_code, fund_code, basis, budget_part, line_no, set_aside
        order by col_no
    ) as integer) as occurrence,
    amount_yuan,
    reported_value,
    reported_unit,
    reported_decimals,
    unit_inferred,
    page_no,
    source_ref,
    ocr_confidence
from published
