-- One row per budget unit that publishes, under the name that it printed last; a document that names no unit has its own row.
with document as (
    select * from {{ ref('int_document__unit_identified') }}
),

latest_name as (
    select
        unit_id,
        arg_max(unit_name, (coalesce(fiscal_year, 0), document_id)) as unit_name,
        arg_max(unit_kind, (coalesce(fiscal_year, 0), document_id)) as unit_kind,
        arg_max(region_name, (coalesce(fiscal_year, 0), document_id)) as region_name
    from document
    group by unit_id
)

select
    unit_id,
    unit_name,
    unit_kind,
    region_name
from latest_name
