-- One row per document that the catalogue of a build lists.
select
    document_id,
    source_url,
    published_on,
    retrieved_on
from {{ source('raw', 'catalogue') }}
