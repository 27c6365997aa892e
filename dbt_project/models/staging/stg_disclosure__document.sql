-- One row per document.
select
    document_id,
    file_name,
    sha256,
    media_type,
    byte_size,
    page_count,
    title,
    doc_type,
    stage,
    fiscal_year,
    unit_name,
    unit_kind,
    region_name,
    {{ squeeze(fold_width('unit_name')) }} as unit_key
from {{ source('raw', 'document') }}
