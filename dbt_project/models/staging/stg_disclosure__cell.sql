-- One row per printed table cell.
select
    document_id,
    source_ref,
    page_no,
    line_no,
    table_no,
    row_no,
    col_no,
    text,
    x0,
    top,
    x1,
    bottom,
    figures
from {{ source('raw', 'cell') }}
