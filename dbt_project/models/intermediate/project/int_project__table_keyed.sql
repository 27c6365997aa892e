-- One row per money figure of a form of projects, once for each key and value; a key printed again with another value is occurrence 2, 3 …
with stated as (
    select *
    from {{ ref('int_form_cell__code_resolved') }}
    where fact = 'project_budget' and amount_yuan is not null and basis is not null
),

first_printed as (
    select *
    from stated
    qualify row_number() over (
        partition by document_id, statement_code, fund_code, basis, row_key, column_key, amount_yuan
        order by form_no, row_no, col_no
    ) = 1
)

select
    document_id,
    stage,
    fiscal_year,
    statement_code,
    'table' as source,
    fund_code,
    basis,
    budget_unit_name,
    budget_part,
    project_name,
    code as function_code,
    case when row_role = 'coded' then label end as function_name,
    economic_code,
    amount_yuan,
    reported_value,
    reported_unit,
    reported_decimals,
    half_width_yuan,
    unit_inferred,
    cast(row_number() over (
        partition by document_id, statement_code, fund_code, basis, row_key, column_key
        order by form_no, row_no, col_no
    ) as integer) as occurrence,
    page_no,
    source_ref
from first_printed
