-- One row per performance form of a document.
select
    document_id,
    performance_no,
    statement_code,
    kind,
    scope,
    project_no,
    project_name,
    title,
    unit_text,
    {{ parse_points('total_weight_text') }} as total_weight,
    {{ parse_points('total_score_text') }} as total_score,
    funding_count,
    indicator_count,
    problem,
    source,
    source_ref,
    page_no
from {{ source('raw', 'performance_form') }}
