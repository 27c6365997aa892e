-- One row per page with money figures that are not in anything that was read of it.
select
    document_id,
    page_no,
    figures
from {{ source('raw', 'lost_figure') }}
