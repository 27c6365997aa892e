-- One row per cell or sentence that was read from a picture.
select
    document_id,
    source_ref,
    cast(confidence as decimal(4, 3)) as ocr_confidence
from {{ source('raw', 'reading_confidence') }}
