-- One row per stated money figure of a form or a sentence, once for each key and value; another value is occurrence 2, 3 …
with cell as (
    select * from {{ ref('int_form_cell__code_resolved') }}
),

claim as (
    select * from {{ ref('int_claim__code_resolved') }}
),

stated as (
    select
        document_id,
        stage,
        fiscal_year,
        statement_code,
        'table' as source,
        fact,
        fund_code,
        basis,
        cast(null as varchar) as comparison_base,
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
        row_no,
        col_no,
        page_no,
        source_ref
    from cell
    where amount_yuan is not null and basis is not null
    union all by name
    select
        document_id,
        stage,
        fiscal_year,
        statement_code,
        'narrative' as source,
        fact,
        fund_code,
        basis,
        comparison_base,
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
        false as unit_inferred,
        claim_no as row_no,
        page_no,
        source_ref
    from claim
    where fact in ('expenditure', 'revenue', 'balance', 'economic', 'three_public')
),

first_printed as (
    select *
    from stated
    qualify row_number() over (
        partition by document_id, source, statement_code, fact, fund_code, basis, row_key, column_key, amount_yuan
        order by form_no, row_no, col_no
    ) = 1
)

select
    * exclude (row_no, col_no),
    cast(row_number() over (
        partition by document_id, source, statement_code, fact, fund_code, basis, row_key, column_key
        order by form_no, row_no, col_no
    ) as integer) as occurrence
from first_printed
