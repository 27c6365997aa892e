-- One row per run that wrote into this warehouse.
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
from {{ ref('stg_disclosure__load_run') }}
