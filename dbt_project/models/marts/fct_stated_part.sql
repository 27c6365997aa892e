-- One row per part of a whole that a sentence names: an allocation of a project, a class of vehicles, what an expense includes.
with part as (
    select * from {{ ref('int_stated_part__unified') }}
),

tied_name as (
    select * from {{ ref('int_project__name_tied') }}
),

published as (
    {{ published('part', source="'narrative'") }}
)

select
    published.document_id,
    published.unit_id,
    published.fiscal_year,
    published.stage,
    published.statement_code,
    'narrative' as source,
    published.part_no,
    published.fund_code,
    published.basis,
    published.whole_code,
    published.project_name,
    tied_name.project_key,
    published.part_name,
    published.economic_code,
    published.value,
    published.unit,
    published.reported_value,
    published.reported_unit,
    published.reported_decimals,
    published.page_no,
    published.source_ref,
    published.ocr_confidence
from published
left join tied_name
    on published.document_id = tied_name.document_id and published.project_name = tied_name.project_name
