-- One row per percentage that a form prints: what it is about, told by the amounts of its row.
with rate as (
    select *
    from {{ ref('stg_disclosure__form_rate') }}
    -- the facts on percentages have no place for those of a budget unit or of a part of the budget, nor for figures outside a form's sums
    where
        problem is null and reported_pct is not null and budget_unit_name is null and part_word is null
        and (balance_word is null or balance_word != 'outside')
),

amount as (
    select * from {{ ref('int_form_cell__code_resolved') }}
),

-- the amount that the rate stands nearest to: of the same line, and of the same item where the columns are items
nearest_amount as (
    select
        rate.*,
        amount.stage,
        amount.fiscal_year,
        amount.fact,
        amount.row_role,
        amount.column_key,
        amount.row_key,
        amount.code,
        amount.economic_code,
        amount.government_economic_code,
        amount.label
    from rate
    inner join amount
        on
            rate.document_id = amount.document_id
            and rate.form_no = amount.form_no
            and rate.row_no = amount.row_no
            and rate.side is not distinct from amount.side
            and (rate.item_word is null or rate.item_word = amount.row_role)
            and (rate.source_word is null or rate.source_word = amount.column_key)
            and (rate.measure_word is null or amount.fact in ('revenue', 'balance') or rate.measure_word = amount.column_key)
    where amount.fact in ('expenditure', 'revenue', 'economic', 'three_public', 'balance') and amount.budget_part is null
    qualify row_number() over (
        partition by rate.document_id, rate.form_no, rate.row_no, rate.col_no
        -- 本年收入合计 is the revenue's total; of the columns the whole comes first
        order by amount.fact = 'balance', amount.column_key not in ('total', 'amount'), abs(amount.col_no - rate.col_no), amount.col_no
    ) = 1
),

named as (
    select
        *,
        case
            when fact in ('balance', 'three_public') then fact
            when row_role = 'coded' and fact = 'economic' then 'economic'
            when row_role = 'coded' then 'function'
            when fact = 'revenue' and column_key != 'total' then 'revenue_source'
            else 'measure'
        end as subject_type
    from nearest_amount
)

select
    document_id,
    form_no,
    row_no,
    col_no,
    statement_code,
    stage,
    fiscal_year,
    coalesce(line_fund_code, fund_word) as said_fund_code,
    subject_type,
    case
        when subject_type in ('balance', 'three_public') then row_role
        when subject_type = 'economic' then coalesce(code, government_economic_code)
        when subject_type = 'function' then code
        else column_key
    end as subject_code,
    case when subject_type in ('function', 'economic') then row_key end as subject_row_key,
    label as subject_name,
    ratio_word as ratio,
    case when ratio_word = 'change_rate' then comparison_word end as comparison_base,
    reported_pct,
    reported_decimals,
    page_no,
    source_ref
from named
-- the facts on percentages name a class or one kind of expenditure, not one crossed with the other
where
    subject_type not in ('function', 'economic')
    or (
        column_key = case
            when fact = 'expenditure' and statement_code in ('general_public_basic', 'appropriation_basic', 'basic') then 'basic'
            else 'total'
        end
        and (subject_type = 'economic' or economic_code is null and government_economic_code is null)
    )
