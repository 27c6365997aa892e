-- One row per table as it stands on one page.
select
    document_id,
    table_no,
    table_ref,
    page_no,
    title,
    form_no,
    performance_no
from {{ source('raw', 'printed_table') }}
