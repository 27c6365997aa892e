-- One row per run, file and stage.
select
    run_id,
    file_name,
    sha256,
    document_id,
    stage,
    outcome,
    reason_code,
    message,
    seconds
from {{ source('raw', 'outcome') }}
