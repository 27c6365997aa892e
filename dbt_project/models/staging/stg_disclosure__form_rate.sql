-- One row per cell of a form's body that prints a percentage, of what its head says.
with rate as (
    select
        *,
        regexp_replace({{ squeeze(fold_width('cell_text')) }}, '%$', '') as number_text
    from {{ source('raw', 'form_cell') }}
    where ratio_word is not null
)

select
    document_id,
    form_no,
    statement_code,
    row_no,
    col_no,
    side,
    row_kind,
    line_code,
    line_fund_code,
    code_text,
    label,
    measure_word,
    fund_word,
    source_word,
    item_word,
    balance_word,
    part_word,
    comparison_word,
    ratio_word,
    budget_unit_name,
    header_path,
    source_ref,
    page_no,
    problem,
    {{ parse_amount('number_text') }} as reported_pct,
    {{ amount_decimals('number_text') }} as reported_decimals
from rate
