-- One row per amount of a project.
with held_form as (
    select * from {{ ref('int_form__held') }}
),

project as (
    select project.*
    from {{ ref('int_project__keyed') }} as project
    left join held_form
        on
            project.source = 'table'
            and project.document_id = held_form.document_id
            and project.statement_code = held_form.statement_code
    where held_form.document_id is null
),

tied_name as (
    select * from {{ ref('int_project__name_tied') }}
),

document as (
    select * from {{ ref('int_document__published') }}
),

reading as (
    select * from {{ ref('stg_disclosure__reading_confidence') }}
)

select
    project.document_id,
    document.unit_id,
    project.fiscal_year,
    project.stage,
    project.statement_code,
    project.source,
    project.fund_code,
    project.basis,
    project.comparison_base,
    project.budget_unit_name,
    project.budget_part,
    project.level,
    project.project_name,
    project.parent_project_name,
    project.project_code,
    project.project_category,
    tied_name.project_key,
    project.allocation_name,
    project.function_code,
    project.function_name,
    project.economic_code,
    project.government_economic_code,
    project.is_leaf,
    project.occurrence,
    project.amount_yuan,
    project.reported_value,
    project.reported_unit,
    project.reported_decimals,
    project.unit_inferred,
    project.page_no,
    project.source_ref,
    reading.ocr_confidence
from project
inner join document
    on project.document_id = document.document_id
left join tied_name
    on project.document_id = tied_name.document_id and project.project_name = tied_name.project_name
left join reading
    on project.document_id = reading.document_id and project.source_ref = reading.source_ref
