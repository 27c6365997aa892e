-- One row per line and amount column of a procurement or service purchase form.
with line as (
    select * from {{ ref('int_procurement__line_numbered') }}
),

document as (
    select * from {{ ref('int_document__published') }}
),

reading as (
    select * from {{ ref('stg_disclosure__reading_confidence') }}
)

select
    line.document_id,
    document.unit_id,
    line.fiscal_year,
    line.stage,
    line.statement_code,
    'table' as source,
    line.fund_code,
    line.basis,
    cast(null as varchar) as comparison_base,
    line.budget_unit_name,
    line.budget_part,
    line.line_no,
    line.level,
    line.category,
    line.item_name,
    line.catalogue_code,
    line.project_name,
    line.function_code,
    line.economic_code,
    line.government_economic_code,
    line.set_aside,
    line.quantity,
    line.quantity_unit,
    line.method,
    cast(row_number() over (
        partition by line.document_id, line.statement_code, line.fund_code, line.basis, line.budget_part, line.line_no, line.set_aside
        order by line.col_no
    ) as integer) as occurrence,
    line.amount_yuan,
    line.reported_value,
    line.reported_unit,
    line.reported_decimals,
    line.unit_inferred,
    line.page_no,
    line.source_ref,
    reading.ocr_confidence
from line
inner join document
    on line.document_id = document.document_id
left join reading
    on line.document_id = reading.document_id and line.source_ref = reading.source_ref
