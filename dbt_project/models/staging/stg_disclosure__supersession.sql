-- One row per document that a newer version of the same disclosure supersedes.
select
    document_id,
    superseded_by
from {{ source('raw', 'supersession') }}
