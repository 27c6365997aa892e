-- One row per statement of a document about one of its own forms.
select
    document_id,
    statement_code,
    kind,
    text,
    source_ref
from {{ source('raw', 'declaration') }}
