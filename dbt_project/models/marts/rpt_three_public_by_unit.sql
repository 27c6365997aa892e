-- One row per unit, fiscal year, stage and item of the three public expenses.
with three_public as (
    select * from {{ ref('fct_three_public') }}
),

metric as (
    select * from {{ ref('fct_disclosure_metric') }}
),

document as (
    select * from {{ ref('dim_document') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

item as (
    select * from {{ ref('three_public_item') }}
),

stated as (
    select three_public.*
    from three_public
    inner join document
        on three_public.document_id = document.document_id
    where
        three_public.occurrence = 1
        and three_public.budget_unit_name is null
        and three_public.budget_part is null
        and document.superseded_by is null
    qualify row_number() over (
        partition by three_public.unit_id, three_public.fiscal_year, three_public.stage, three_public.item, three_public.basis
        order by
            three_public.source = 'narrative',
            document.doc_type = 'performance_report',
            three_public.fund_code != 'fiscal_appropriation',
            three_public.fund_code != 'general_public',
            three_public.fund_code,
            three_public.document_id
    ) = 1
),

ranked as (
    select
        *,
        row_number() over (
            partition by unit_id, fiscal_year, stage, item
            order by
                case basis
                    when 'final' then 1
                    when 'adjusted_budget' then 2
                    when 'initial_budget' then 3
                    when 'prior_year' then 4
                    else 5
                end
        ) as figure_no
    from stated
),

amount as (
    select
        unit_id,
        fiscal_year,
        stage,
        item,
        max(amount_yuan) filter (where basis = 'initial_budget') as initial_budget_yuan,
        max(amount_yuan) filter (where basis = 'adjusted_budget') as adjusted_budget_yuan,
        max(amount_yuan) filter (where basis = 'final') as final_yuan,
        max(amount_yuan) filter (where basis = 'prior_year') as prior_year_yuan,
        max(amount_yuan) filter (where basis = 'change_from_prior_year') as change_yuan,
        any_value(comparison_base) filter (where basis = 'change_from_prior_year') as comparison_base,
        any_value(fund_code) filter (where figure_no = 1) as fund_code,
        any_value(source) filter (where figure_no = 1) as source,
        any_value(document_id) filter (where figure_no = 1) as document_id,
        any_value(page_no) filter (where figure_no = 1) as page_no,
        any_value(source_ref) filter (where figure_no = 1) as source_ref
    from ranked
    group by all
),

stated_count as (
    select
        metric.unit_id,
        metric.fiscal_year,
        metric.stage,
        metric.metric_code,
        cast(metric.value as integer) as value
    from metric
    inner join document
        on metric.document_id = document.document_id
    where
        metric.statement_code = 'three_public'
        and metric.detail is null
        and metric.occurrence = 1
        and document.superseded_by is null
        and metric.basis = case metric.stage when 'budget' then 'initial_budget' else 'final' end
    qualify row_number() over (
        partition by metric.unit_id, metric.fiscal_year, metric.stage, metric.metric_code
        order by metric.source = 'narrative', document.doc_type = 'performance_report', metric.document_id
    ) = 1
),

counted as (
    select
        unit_id,
        fiscal_year,
        stage,
        max(value) filter (where metric_code = 'overseas_groups') as overseas_groups,
        max(value) filter (where metric_code = 'overseas_persons') as overseas_persons,
        max(value) filter (where metric_code = 'vehicles_purchased') as vehicles_purchased,
        max(value) filter (where metric_code = 'vehicles_held') as vehicles_held,
        max(value) filter (where metric_code = 'reception_batches') as reception_batches,
        max(value) filter (where metric_code = 'reception_persons') as reception_persons
    from stated_count
    group by all
)

select
    amount.unit_id,
    unit.unit_name,
    unit.region_name,
    amount.fiscal_year,
    amount.stage,
    amount.item,
    item.name_zh as item_name_zh,
    item.name_en as item_name_en,
    amount.fund_code,
    amount.initial_budget_yuan,
    amount.adjusted_budget_yuan,
    amount.final_yuan,
    cast(
        amount.final_yuan - coalesce(amount.adjusted_budget_yuan, amount.initial_budget_yuan) as decimal(20, 2)
    ) as difference_yuan,
    cast(
        100 * amount.final_yuan / nullif(coalesce(amount.adjusted_budget_yuan, amount.initial_budget_yuan), 0)
        as decimal(14, 4)
    ) as execution_rate_pct,
    amount.prior_year_yuan,
    amount.change_yuan,
    amount.comparison_base,
    case when amount.item in ('total', 'overseas_travel') then counted.overseas_groups end as overseas_groups,
    case when amount.item in ('total', 'overseas_travel') then counted.overseas_persons end as overseas_persons,
    case
        when amount.item in ('total', 'vehicle_total', 'vehicle_purchase') then counted.vehicles_purchased
    end as vehicles_purchased,
    case when amount.item in ('total', 'vehicle_total', 'vehicle_operation') then counted.vehicles_held end as vehicles_held,
    case when amount.item in ('total', 'reception') then counted.reception_batches end as reception_batches,
    case when amount.item in ('total', 'reception') then counted.reception_persons end as reception_persons,
    amount.source,
    amount.document_id,
    amount.page_no,
    amount.source_ref
from amount
inner join unit
    on amount.unit_id = unit.unit_id
inner join item
    on amount.item = item.item
left join counted
    on
        amount.unit_id = counted.unit_id
        and amount.fiscal_year is not distinct from counted.fiscal_year
        and amount.stage = counted.stage
