-- One row per indicator of a performance form.
select
    document_id,
    performance_no,
    indicator_no,
    level1_name,
    level2_name,
    {{ printed_text('name_text') }} as indicator_name,
    {{ printed_text('operator_text') }} as operator_text,
    {{ printed_text('target_text') }} as target_text,
    {{ printed_text('target_unit_text') }} as target_unit_text,
    {{ printed_text('basis_text') }} as target_basis,
    {{ printed_text('prior_text') }} as prior_year_text,
    {{ printed_text('actual_text') }} as actual_text,
    {{ parse_points('completion_text') }} as completion_rate_pct,
    {{ parse_points('weight_text') }} as weight,
    {{ parse_points('score_text') }} as score,
    {{ printed_text('deviation_text') }} as deviation_reason,
    source_ref,
    page_no
from {{ source('raw', 'performance_indicator') }}
