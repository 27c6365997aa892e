-- One row per money figure of a form of projects, once for each key and value; a key printed again with another value is occurrence 2, 3 …
with cell as (
    select * from {{ ref('int_form_cell__code_resolved') }}
    where fact = 'project_budget'
),

list_row as (
    select * from {{ ref('stg_disclosure__list_row') }}
),

rows_joined as (
    select
        cell.* exclude (level),
        list_row.parent_project_name,
        list_row.project_code,
        list_row.project_category,
        case
            when list_row.kind in ('total', 'unit') or cell.project_name is null then 'total'
            when list_row.kind = 'category' then 'category'
            else 'project'
        end as level
    from cell
    inner join list_row
        on cell.document_id = list_row.document_id and cell.form_no = list_row.form_no and cell.row_no = list_row.row_no
),

stated as (
    select
        *,
        concat_ws(
            '|', level, project_name, coalesce(code, 'name:' || label_key), economic_code, government_economic_code,
            'unit:' || budget_unit_name, 'part:' || budget_part
        ) as line_key
    from rows_joined
    where amount_yuan is not null and basis is not null
),

first_printed as (
    select *
    from stated
    qualify row_number() over (
        partition by document_id, statement_code, fund_code, basis, line_key, amount_yuan
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
    level,
    project_name,
    parent_project_name,
    project_code,
    project_category,
    code as function_code,
    case when row_role = 'coded' then label end as function_name,
    economic_code,
    government_economic_code,
    level = 'project' and (
        coalesce(economic_code, government_economic_code) is not null
        or not bool_or(coalesce(economic_code, government_economic_code) is not null) over (
            partition by document_id, statement_code, fund_code, basis, budget_unit_name, budget_part, level, project_name, code, label_key
        )
    ) as is_leaf,
    amount_yuan,
    reported_value,
    reported_unit,
    reported_decimals,
    half_width_yuan,
    unit_inferred,
    cast(row_number() over (
        partition by document_id, statement_code, fund_code, basis, line_key
        order by form_no, row_no, col_no
    ) as integer) as occurrence,
    page_no,
    source_ref
from first_printed
