-- One row per stated money figure of a form, once for each key and value; a key printed again with another value is occurrence 2, 3 …
with coded as (
    select * from {{ ref('int_form_cell__code_resolved') }}
),

stated as (
    select *
    from coded
    where amount_yuan is not null and basis is not null
),

first_printed as (
    select *
    from stated
    qualify row_number() over (
        partition by document_id, statement_code, fact, fund_code, basis, row_key, column_key, amount_yuan
        order by form_no, row_no, col_no
    ) = 1
)

select
    document_id,
    stage,
    fiscal_year,
    statement_code,
    'table' as source,
    fact,
    fund_code,
    basis,
    row_key,
    column_key,
    level,
    code,
    label,
    amount_yuan,
    reported_value,
    reported_unit,
    reported_decimals,
    half_width_yuan,
    unit_inferred,
    form_no,
    page_no,
    source_ref,
    cast(row_number() over (
        partition by document_id, statement_code, fact, fund_code, basis, row_key, column_key
        order by form_no, row_no, col_no
    ) as integer) as occurrence
from first_printed
