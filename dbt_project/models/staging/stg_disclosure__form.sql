-- One row per recognised form of a document.
select
    document_id,
    form_no,
    statement_code,
    title,
    {{ unit_name('unit_text') }} as printed_unit,
    page_from,
    page_to,
    is_continued,
    has_total_row,
    has_unread_rows,
    row_count,
    note,
    is_empty_declared,
    score,
    layout
from {{ source('raw', 'form') }}
