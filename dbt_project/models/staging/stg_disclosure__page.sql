-- One row per page.
select
    document_id,
    page_no,
    width,
    height,
    reader,
    note,
    confidence,
    is_read
from {{ source('raw', 'page') }}
