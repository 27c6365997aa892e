-- One row per paragraph.
select
    document_id,
    paragraph_no,
    source_ref,
    page_no,
    line_no,
    section_path,
    is_heading,
    text,
    figures
from {{ source('raw', 'paragraph') }}
