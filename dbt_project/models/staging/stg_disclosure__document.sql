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
    unit_from,
    fiscal_year_from,
    stage_from,
    region_code,
    zone_name,
    prose_paragraphs,
    is_departmental,
    {{ squeeze(fold_width('unit_name')) }} as unit_key
from {{ source('raw', 'document') }}
