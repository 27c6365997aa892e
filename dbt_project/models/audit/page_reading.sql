-- One row per page of a paged document: how it was read.
select
    page.document_id,
    page.page_no,
    page.reader,
    page.note,
    cast(page.confidence as decimal(4, 3)) as ocr_confidence,
    cast(page.width as decimal(9, 2)) as width_pt,
    cast(page.height as decimal(9, 2)) as height_pt
from {{ ref('stg_disclosure__page') }} as page
