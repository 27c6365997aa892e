-- One row per amount cell of a form's body: which fact it states, under which fund, basis, row and column.
with cell as (
    select * from {{ ref('int_form_cell__amount_normalised') }}
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

revenue_source as (
    select * from {{ ref('revenue_source') }}
),

balance_item as (
    select * from {{ ref('balance_item') }}
),

three_public_item as (
    select * from {{ ref('three_public_item') }}
),

-- 预算数 of a final account is the full-year budget where form or text says so
full_year_budget as (
    select distinct document_id
    from {{ ref('stg_disclosure__paragraph') }}
    where text like '%全年预算数%' and (text like '%三公%' or section_path like '%三公%')
),

-- which printed totals a form has, since a budget form without 本年合计 has its 总计 in that place
form_line as (
    select
        document_id,
        form_no,
        bool_or(line_code = 'current_income' and reported_value is not null) as has_current_income,
        bool_or(line_code = 'current_expenditure' and reported_value is not null) as has_current_expenditure,
        bool_or(row_kind = 'line' and line_code = 'total' and item_word is not null) as has_three_public_total_row,
        bool_or(statement_code in ('government_fund', 'state_capital') and source_word = 'total') as is_flow_form,
        list(distinct fund_word) filter (where fund_word is not null and balance_word is null) as column_funds
    from cell
    group by document_id, form_no
),

conformed as (
    select
        cell.*,
        document.stage,
        document.fiscal_year,
        form.layout,
        cell.part_word as budget_part,
        case
            when cell.basis_word = 'budget' and document.stage = 'final'
                then case when form.title like '%全年预算%' or full_year_budget.document_id is not null then 'adjusted_budget' else 'initial_budget' end
            when cell.basis_word = 'budget' then 'initial_budget'
            when cell.basis_word is not null then cell.basis_word
            when document.stage = 'final' then 'final'
            when document.stage = 'budget' then 'initial_budget'
        end as basis,
        case
            when cell.line_fund_code is not null then cell.line_fund_code
            when cell.fund_word is not null then cell.fund_word
            when cell.statement_code = 'three_public' and form.title like '%一般公共预算%' and form.title not like '%政府性基金%'
                then 'general_public'
            -- a form of projects: all where its columns name the unit's own money, else the fund that its title names, else the widest
            when form.layout = 'project' then
                case
                    when list_has_any(form_line.column_funds, ['special_account', 'own_funds']) then 'all'
                    when form.title like '%一般公共预算%' then 'general_public'
                    when form.title like '%财政拨款%' then 'fiscal_appropriation'
                    else statement.widest_fund
                end
            else statement.widest_fund
        end as fund_code,
        case
            when cell.classification_word in ('department', 'government') then 'economic'
            else coalesce(cell.classification_word, form.layout)
        end as row_layout,
        coalesce(cell.measure_word, 'total') as printed_measure,
        cell.statement_code in ('general_public_basic', 'appropriation_basic', 'basic') as is_basic_form,
        cell.statement_code in ('general_public_project', 'project') as is_project_form,
        coalesce(form_line.has_current_income, false) as has_current_income,
        coalesce(form_line.has_current_expenditure, false) as has_current_expenditure,
        coalesce(form_line.has_three_public_total_row, false) as has_three_public_total_row,
        coalesce(form_line.is_flow_form, false) as is_flow_form
    from cell
    inner join form
        on cell.document_id = form.document_id and cell.form_no = form.form_no
    inner join document
        on cell.document_id = document.document_id
    inner join statement
        on cell.statement_code = statement.statement_code
    left join form_line
        on cell.document_id = form_line.document_id and cell.form_no = form_line.form_no
    left join full_year_budget
        on cell.document_id = full_year_budget.document_id
    where cell.problem is null and cell.balance_word is distinct from 'outside'
),

-- 人员经费 and 公用经费 are parts of 基本支出: by function they say so in their names; a form of basic expenditure needs no other word
measured as (
    select
        *,
        case
            when row_layout = 'economic'
                then
                    case
                        when printed_measure in ('personnel', 'basic_personnel') then 'personnel'
                        when printed_measure in ('public', 'basic_public') then 'public'
                        when is_basic_form or is_project_form then 'total'
                        else printed_measure
                    end
            when row_layout = 'function' and printed_measure in ('personnel', 'public') then 'basic_' || printed_measure
            when row_layout = 'function' and is_basic_form and printed_measure = 'total' then 'basic'
            else printed_measure
        end as column_measure
    from conformed
),

expenditure as (
    select
        'expenditure' as fact,
        coalesce(case when line_code like 'measure_%' then substr(line_code, 9) end, column_measure) as column_key,
        case when row_kind = 'coded' then 'coded' else 'total' end as row_role,
        *
    from measured
    where
        (
            side = 'expenditure'
            and row_layout != 'economic'
            and (
                row_kind = 'coded'
                or line_code = 'current_expenditure'
                or line_code like 'measure_%'
                or (line_code = 'total_expenditure' and stage = 'budget' and not has_current_expenditure)
            )
        )
        or (
            row_layout = 'function' and side is null and statement_code != 'revenue'
            and row_kind in ('coded', 'total') and balance_word is null and source_word is null
        )
),

revenue as (
    select
        'revenue' as fact,
        case when side is not null then revenue_source.revenue_source else coalesce(measured.source_word, 'total') end as column_key,
        case when measured.row_kind = 'coded' then 'coded' else 'total' end as row_role,
        measured.*
    from measured
    left join revenue_source
        on case
            when measured.line_code = 'current_income' then 'total'
            when measured.line_code = 'total_income' and measured.stage = 'budget' and not measured.has_current_income then 'total'
            else measured.line_code
        end = revenue_source.revenue_source
    where
        (side = 'income' and revenue_source.revenue_source is not null)
        or (
            row_layout = 'function' and side is null and row_kind in ('coded', 'total') and balance_word is null
            and (statement_code = 'revenue' or (source_word is not null and column_measure = 'total'))
        )
),

balance as (
    select
        'balance' as fact,
        'amount' as column_key,
        balance_item.item as row_role,
        measured.*
    from measured
    inner join balance_item
        on case
            when measured.side is not null then measured.line_code
            when measured.balance_word is not null then measured.balance_word
            -- a fund form that sets revenue and expenditure of the year between its carry-overs states their totals
            when measured.is_flow_form and measured.source_word = 'total' then 'current_income'
            when measured.is_flow_form and measured.source_word is null then 'current_expenditure'
        end = balance_item.item
    where
        column_measure = 'total'
        and (side is not null or (row_layout = 'function' and row_kind = 'total'))
),

economic as (
    select
        'economic' as fact,
        case line_code when 'personnel_total' then 'personnel' when 'public_total' then 'public' else column_measure end as column_key,
        case when row_kind = 'coded' then 'coded' else 'total' end as row_role,
        *
    from measured
    where
        row_layout = 'economic' and balance_word is null
        and column_measure in ('total', 'personnel', 'public', 'basic', 'project')
        and (row_kind in ('coded', 'total') or line_code in ('personnel_total', 'public_total'))
),

three_public as (
    select
        'three_public' as fact,
        'amount' as column_key,
        three_public_item.item as row_role,
        measured.*
    from measured
    inner join three_public_item
        on coalesce(measured.item_word, measured.line_code, 'total') = three_public_item.item
    where
        layout = 'three_public' and balance_word is null and line_code is distinct from 'outside'
        and (row_kind = 'line' or budget_unit_name is not null or not has_three_public_total_row)
),

project as (
    select
        'project_budget' as fact,
        coalesce(economic_word, 'total') as column_key,
        case when row_kind = 'coded' then 'coded' else 'total' end as row_role,
        *
    from measured
    where
        layout = 'project' and row_kind in ('coded', 'total') and balance_word is null and fund_code is not null
        and coalesce(measure_word, 'project') = 'project'
)

select * from expenditure
union all by name
select * from revenue
union all by name
select * from balance
union all by name
select * from economic
union all by name
select * from three_public
union all by name
select * from project
