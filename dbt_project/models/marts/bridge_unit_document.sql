-- One row per document from which the reports may take a unit's figures of a year and stage, and in which order they do.
with document as (
    select * from {{ ref('dim_document') }}
    where superseded_by is null and audit_status != 'held' and fiscal_year is not null and stage is not null
),

ordered as (
    select
        *,
        row_number() over (
            partition by unit_id, fiscal_year, stage
            order by
                doc_type = 'performance_report' asc,
                case document_role when 'whole' then 1 when 'forms' then 2 when 'text' then 3 else 4 end asc,
                figures_loaded desc,
                document_id asc
        ) as preference,
        count(*) over (partition by unit_id, fiscal_year, stage) as documents
    from document
),

compared as (
    select
        *,
        first_value(disclosure_id) over (partition by unit_id, fiscal_year, stage order by preference) as first_disclosure,
        first_value(document_role) over (partition by unit_id, fiscal_year, stage order by preference) as first_role
    from ordered
)

select
    document_id,
    unit_id,
    fiscal_year,
    stage,
    cast(preference as integer) as preference,
    cast(documents as integer) as documents,
    case
        when documents = 1 then 'only'
        when preference = 1 then 'most_complete'
        when disclosure_id = first_disclosure and first_role != 'whole' then 'companion'
        else 'fills_gaps'
    end as choice
from compared
