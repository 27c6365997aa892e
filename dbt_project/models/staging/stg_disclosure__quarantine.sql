-- One row per file that could not be read.
select
    file_name,
    sha256,
    reason_code,
    message,
    first_seen_at
from {{ source('raw', 'quarantine') }}
