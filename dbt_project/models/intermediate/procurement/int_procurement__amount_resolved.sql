-- One row per stated amount of a procurement or service purchase form: its row's labels, codes, fund, part of the budget and basis.
with cell as (
    select * from {{ ref('int_form_cell__amount_normalised') }}
    where problem is null and amount_yuan is not null and statement_code in ('procurement', 'service_purchase')
),

list_row as (
    select * from {{ ref('stg_disclosure__list_row') }}
    where kind != 'outside'
),

form as (
    select * from {{ ref('stg_disclosure__form') }}
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

statement as (
    select * from {{ ref('forms') }}
),

-- the codes that a name of the economic classifications means, where it means one
economic_name as (
    select
        left(code, 1) = '5' as is_government,
        {{ squeeze(fold_width('name_zh')) }} as name_key,
        min(code) as economic_code
    from {{ ref('economic_classification') }}
    group by all
    having count(distinct code) = 1
),

form_column as (
    select
        document_id,
        form_no,
        list(distinct fund_word) filter (where fund_word is not null) as funds,
        coalesce(bool_or(part_word = 'carryover'), false) as has_carryover
    from cell
    group by document_id, form_no
),

rows_joined as (
    select
        cell.document_id,
        cell.form_no,
        cell.row_no,
        cell.col_no,
        cell.statement_code,
        document.stage,
        document.fiscal_year,
        case
            when cell.basis_word = 'budget' or cell.basis_word is null
                then case document.stage when 'budget' then 'initial_budget' when 'final' then 'final' end
            else cell.basis_word
        end as basis,
        case
            when cell.fund_word is not null then cell.fund_word
            when list_has_any(form_column.funds, ['special_account', 'own_funds']) then 'all'
            when form.title like '%一般公共预算%' then 'general_public'
            when form.title like '%财政拨款%' then 'fiscal_appropriation'
            else statement.widest_fund
        end as fund_code,
        case when form_column.has_carryover then cell.part_word end as budget_part,
        cell.set_aside_word as set_aside,
        cell.fund_word is null and cell.part_word is null as is_whole,
        list_row.kind,
        list_row.unit_name as budget_unit_name,
        list_row.category_name,
        list_row.parent_project_name,
        list_row.project_name,
        list_row.project_code,
        list_row.project_category,
        list_row.item_name,
        list_row.catalogue_code,
        list_row.function_name,
        list_row.method,
        list_row.quantity_text,
        list_row.quantity_unit,
        string_split(list_row.function_text, ' ') as function_parts,
        string_split(list_row.economic_text, ' ') as economic_parts,
        string_split(list_row.government_text, ' ') as government_parts,
        {{ squeeze(fold_width('list_row.economic_text')) }} as economic_key,
        {{ squeeze(fold_width('list_row.government_text')) }} as government_key,
        cell.amount_yuan,
        cell.reported_value,
        cell.reported_unit,
        cell.reported_decimals,
        cell.half_width_yuan,
        cell.unit_inferred,
        cell.page_no,
        cell.source_ref
    from cell
    inner join list_row
        on cell.document_id = list_row.document_id and cell.form_no = list_row.form_no and cell.row_no = list_row.row_no
    inner join form
        on cell.document_id = form.document_id and cell.form_no = form.form_no
    inner join document
        on cell.document_id = document.document_id
    inner join statement
        on cell.statement_code = statement.statement_code
    inner join form_column
        on cell.document_id = form_column.document_id and cell.form_no = form_column.form_no
),

codes_joined as (
    select
        * exclude (function_parts, economic_parts, government_parts),
        {{ joined_code('function_parts') }} as joined_function_code,
        {{ joined_code('economic_parts') }} as joined_economic_code,
        {{ joined_code('government_parts') }} as joined_government_code
    from rows_joined
)

select
    codes_joined.* exclude (joined_function_code, joined_economic_code, joined_government_code, economic_key, government_key),
    case
        when regexp_matches(codes_joined.joined_function_code, '^2[0-9]{2}([0-9]{2}){0,2}$') then codes_joined.joined_function_code
    end as function_code,
    case
        when regexp_matches(codes_joined.joined_economic_code, '^3[0-9]{2}([0-9]{2}){0,2}$') then codes_joined.joined_economic_code
        else department_class.economic_code
    end as economic_code,
    case
        when regexp_matches(codes_joined.joined_government_code, '^5[0-9]{2}([0-9]{2}){0,2}$') then codes_joined.joined_government_code
        else government_class.economic_code
    end as government_economic_code
from codes_joined
left join economic_name as department_class
    on not department_class.is_government and codes_joined.economic_key = department_class.name_key
left join economic_name as government_class
    on government_class.is_government and codes_joined.government_key = government_class.name_key
where codes_joined.basis is not null
