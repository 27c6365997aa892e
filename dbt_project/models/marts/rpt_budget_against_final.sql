-- One row per unit, fiscal year, fund and functional code, totals among them, that final accounts state.
with expenditure as (
    select * from {{ ref('fct_expenditure') }}
),

report_source as (
    select * from {{ ref('report_sources') }}
),

document as (
    select * from {{ ref('dim_document') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

function as (
    select * from {{ ref('dim_function') }}
),

chosen as (
    select * from {{ ref('bridge_unit_document') }}
),

reason as (
    select
        unit_id,
        fiscal_year,
        coalesce(subject_code, 'total') as row_key,
        string_agg(distinct reason_zh, '；' order by reason_zh) filter (where compared_with != 'prior_year') as budget_reason_zh,
        string_agg(distinct reason_zh, '；' order by reason_zh) filter (where compared_with = 'prior_year') as change_reason_zh
    from {{ ref('fct_change_reason') }}
    where
        stage = 'final'
        and (subject_type = 'function' or (subject_type = 'measure' and subject_code = 'total'))
    group by all
),

figure as (
    select
        expenditure.*,
        coalesce(expenditure.function_code, expenditure.function_name) as row_key
    from expenditure
    inner join report_source
        on
            expenditure.statement_code = report_source.statement_code
            and expenditure.source = report_source.source
            and expenditure.fund_code = report_source.fund_code
    inner join document
        on expenditure.document_id = document.document_id and document.superseded_by is null
    where
        expenditure.measure = 'total'
        and expenditure.occurrence = 1
        and expenditure.budget_unit_name is null
        and expenditure.budget_part is null
        and expenditure.economic_code is null
        and expenditure.government_economic_code is null
        and (expenditure.basis != 'change_from_prior_year' or expenditure.comparison_base is distinct from 'prior_budget')
    qualify row_number() over (
        partition by
            expenditure.unit_id, expenditure.fiscal_year, expenditure.stage, expenditure.fund_code, expenditure.level, row_key,
            expenditure.basis
        order by report_source.total_preference, expenditure.document_id, expenditure.occurrence, expenditure.source_ref
    ) = 1
),

final_account as (
    select
        unit_id,
        fiscal_year,
        fund_code,
        level,
        row_key,
        min(function_code) as function_code,
        any_value(function_name order by basis = 'final' desc, basis asc, function_name asc) as function_name,
        max(amount_yuan) filter (where basis = 'initial_budget') as initial_budget_yuan,
        max(amount_yuan) filter (where basis = 'adjusted_budget') as adjusted_budget_yuan,
        max(amount_yuan) filter (where basis = 'final') as final_yuan,
        max(amount_yuan) filter (where basis = 'prior_year') as prior_year_yuan,
        max(amount_yuan) filter (where basis = 'change_from_prior_year') as change_yuan,
        any_value(statement_code order by basis = 'final' desc, basis) as statement_code,
        any_value(source order by basis = 'final' desc, basis) as source,
        any_value(document_id order by basis = 'final' desc, basis) as document_id
    from figure
    where stage = 'final'
    group by all
),

budget_document as (
    select *
    from figure
    where stage = 'budget' and basis = 'initial_budget'
),

compared as (
    select
        final_account.* exclude (initial_budget_yuan, prior_year_yuan, change_yuan),
        coalesce(budget_document.amount_yuan, final_account.initial_budget_yuan) as initial_budget_yuan,
        case
            when budget_document.amount_yuan is not null then 'budget_document'
            when final_account.initial_budget_yuan is not null then 'final_account'
        end as initial_budget_from,
        budget_document.document_id as budget_document_id,
        coalesce(
            final_account.prior_year_yuan, prior_account.final_yuan, final_account.final_yuan - final_account.change_yuan
        ) as prior_year_yuan,
        case
            when final_account.prior_year_yuan is not null then 'final_account'
            when prior_account.final_yuan is not null then 'prior_final_account'
            when final_account.change_yuan is not null and final_account.final_yuan is not null then 'stated_change'
        end as prior_year_from,
        coalesce(
            final_account.change_yuan,
            final_account.final_yuan - coalesce(final_account.prior_year_yuan, prior_account.final_yuan)
        ) as change_yuan
    from final_account
    left join budget_document
        on
            final_account.unit_id = budget_document.unit_id
            and final_account.fiscal_year = budget_document.fiscal_year
            and final_account.fund_code = budget_document.fund_code
            and final_account.level = budget_document.level
            and final_account.row_key is not distinct from budget_document.row_key
    left join final_account as prior_account
        on
            final_account.unit_id = prior_account.unit_id
            and final_account.fiscal_year = prior_account.fiscal_year + 1
            and final_account.fund_code = prior_account.fund_code
            and final_account.level = prior_account.level
            and final_account.row_key is not distinct from prior_account.row_key
),

comparable as (
    select *
    from compared
    qualify bool_or(coalesce(initial_budget_yuan, adjusted_budget_yuan, prior_year_yuan) is not null) over (
        partition by unit_id, fiscal_year, fund_code
    )
)

select
    comparable.unit_id,
    unit.unit_name,
    unit.unit_kind,
    unit.region_code,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    comparable.fiscal_year,
    comparable.fund_code,
    comparable.level,
    comparable.function_code,
    comparable.function_name,
    function.name_en as function_name_en,
    not exists (
        select 1
        from comparable as finer
        where
            finer.unit_id = comparable.unit_id
            and finer.fiscal_year is not distinct from comparable.fiscal_year
            and finer.fund_code = comparable.fund_code
            and finer.level != 'total'
            and (
                comparable.level = 'total'
                or (length(finer.function_code) > length(comparable.function_code) and starts_with(finer.function_code, comparable.function_code))
            )
    ) as is_leaf,
    comparable.initial_budget_yuan,
    comparable.initial_budget_from,
    comparable.budget_document_id,
    comparable.adjusted_budget_yuan,
    comparable.final_yuan,
    case
        when comparable.adjusted_budget_yuan is not null then 'adjusted_budget'
        when comparable.initial_budget_yuan is not null then 'initial_budget'
    end as compared_with,
    cast(
        comparable.final_yuan - coalesce(comparable.adjusted_budget_yuan, comparable.initial_budget_yuan) as decimal(20, 2)
    ) as difference_yuan,
    cast(
        100 * comparable.final_yuan / nullif(coalesce(comparable.adjusted_budget_yuan, comparable.initial_budget_yuan), 0)
        as decimal(14, 4)
    ) as execution_rate_pct,
    cast(comparable.prior_year_yuan as decimal(20, 2)) as prior_year_yuan,
    comparable.prior_year_from,
    cast(comparable.change_yuan as decimal(20, 2)) as change_yuan,
    cast(100 * comparable.change_yuan / nullif(abs(comparable.prior_year_yuan), 0) as decimal(14, 4)) as change_pct,
    reason.budget_reason_zh,
    reason.change_reason_zh,
    comparable.statement_code,
    comparable.source,
    comparable.document_id,
    chosen.choice as document_choice
from comparable
inner join unit
    on comparable.unit_id = unit.unit_id
left join function
    on comparable.function_code = function.function_code
left join chosen
    on comparable.document_id = chosen.document_id
left join reason
    on
        comparable.unit_id = reason.unit_id
        and comparable.fiscal_year = reason.fiscal_year
        and coalesce(comparable.function_code, comparable.level) = reason.row_key
