-- One row per document with the key of the unit that publishes it; a document that names no unit has its own key.
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
    coalesce({{ unit_id_of('unit_key') }}, 'unknown_' || document_id) as unit_id,
    case when unit_key is null then '未识别 / unknown' else unit_name end as unit_name,
    unit_kind,
    region_name,
    title,
    page_count
from document
