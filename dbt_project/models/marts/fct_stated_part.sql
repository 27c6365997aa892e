-- One row per part of a whole that a sentence names: an allocation of a project, a class of vehicles, what an expense includes.
with part as (
    select * from {{ ref('int_stated_part__unified') }}
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
    part.document_id,
    document.unit_id,
    part.fiscal_year,
    part.stage,
    part.statement_code,
    'narrative' as source,
    part.part_no,
    part.fund_code,
    part.basis,
    part.whole_code,
    part.project_name,
    tied_name.project_key,
    part.part_name,
    part.economic_code,
    part.value,
    part.unit,
    part.reported_value,
    part.reported_unit,
    part.reported_decimals,
    part.page_no,
    part.source_ref,
    reading.ocr_confidence
from part
inner join document
    on part.document_id = document.document_id
left join tied_name
    on part.document_id = tied_name.document_id and part.project_name = tied_name.project_name
left join reading
    on part.document_id = reading.document_id and part.source_ref = reading.source_ref
