-- One row per document with the key of the unit that publishes it.
with document as (
    select * from {{ ref('stg_disclosure__document') }}
)

select
    document_id,
    file_name,
    sha256,
    media_type,
    doc_type,
    stage,
    fiscal_year,
    coalesce('u' || left(md5(unit_key), 12), 'unknown') as unit_id,
    unit_name,
    unit_kind,
    region_name,
    title,
    page_count
from document
