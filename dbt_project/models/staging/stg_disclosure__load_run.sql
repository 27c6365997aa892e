-- One row per load.
select
    run_id,
    started_at,
    finished_at,
    extractor_version,
    files_seen,
    documents_loaded,
    files_same_bytes,
    files_quarantined,
    files_left_out,
    outcome,
    message
from {{ source('raw', 'load_run') }}
