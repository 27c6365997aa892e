-- One row per amount of a project.
with project as (
    select * from {{ ref('int_project__keyed') }}
),

tied_name as (
    select * from {{ ref('int_project__name_tied') }}
),

published as (
    {{ published('project') }}
)

select
    published.document_id,
    published.unit_id,
    published.fiscal_year,
    published.stage,
    published.statement_code,
    published.source,
    published.fund_code,
    published.basis,
    published.comparison_base,
    published.budget_unit_name,
    published.budget_part,
    published.level,
    published.project_name,
    published.parent_project_name,
    published.project_code,
    published.project_category,
    tied_name.project_key,
    published.allocation_name,
    published.function_code,
    published.function_name,
    published.economic_code,
    published.government_economic_code,
    published.is_leaf,
    published.occurrence,
    published.amount_yuan,
    published.reported_value,
    published.reported_unit,
    published.reported_decimals,
    published.unit_inferred,
    published.page_no,
    published.source_ref,
    published.ocr_confidence
from published
left join tied_name
    on published.document_id = tied_name.document_id and published.project_name = tied_name.project_name
