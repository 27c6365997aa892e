-- One row per line of a performance form's funding block.
select
    document_id,
    performance_no,
    line_no,
    fund_line,
    label,
    {{ unit_name('unit_text') }} as reported_unit,
    {{ parse_amount('initial_text') }} as initial_value,
    {{ parse_amount('adjusted_text') }} as adjusted_value,
    {{ parse_amount('executed_text') }} as executed_value,
    greatest(
        {{ amount_decimals('initial_text') }},
        {{ amount_decimals('adjusted_text') }},
        {{ amount_decimals('executed_text') }}
    ) as reported_decimals,
    {{ parse_points('weight_text') }} as weight,
    {{ parse_points('rate_text') }} as execution_rate_pct,
    {{ parse_points('score_text') }} as score,
    source_ref,
    page_no
from {{ source('raw', 'performance_funding') }}
