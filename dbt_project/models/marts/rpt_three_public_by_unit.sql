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

chosen as (
    select * from {{ ref('bridge_unit_document') }}
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

compared as (
    select
        amount.* exclude (prior_year_yuan, change_yuan),
        coalesce(amount.final_yuan, amount.initial_budget_yuan) as current_yuan,
        coalesce(amount.prior_year_yuan, before.final_yuan, case when amount.stage = 'budget' then before.initial_budget_yuan end)
            as compared_yuan,
        case
            when amount.prior_year_yuan is not null then 'printed'
            when coalesce(before.final_yuan, case when amount.stage = 'budget' then before.initial_budget_yuan end) is not null
                then 'prior_document'
            when amount.change_yuan is not null then 'stated_change'
        end as prior_year_from,
        amount.change_yuan as stated_change_yuan
    from amount
    left join amount as before
        on
            amount.unit_id = before.unit_id
            and amount.fiscal_year = before.fiscal_year + 1
            and amount.stage = before.stage
            and amount.item = before.item
            and amount.fund_code = before.fund_code
),

trend as (
    select
        *,
        coalesce(stated_change_yuan, current_yuan - compared_yuan) as change_yuan,
        coalesce(compared_yuan, current_yuan - stated_change_yuan) as prior_year_yuan
    from compared
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
    trend.unit_id,
    unit.unit_name,
    unit.unit_kind,
    unit.region_code,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    trend.fiscal_year,
    trend.stage,
    trend.item,
    item.name_zh as item_name_zh,
    item.name_en as item_name_en,
    trend.item not in ('meeting', 'training', 'administrative', 'controlled_total')
    and not exists (
        select 1
        from amount as finer
        inner join item as below
            on finer.item = below.item
        left join item as between_them
            on below.parent_item = between_them.item
        where
            finer.unit_id = trend.unit_id
            and finer.fiscal_year is not distinct from trend.fiscal_year
            and finer.stage = trend.stage
            and trend.item in (below.parent_item, between_them.parent_item)
    ) as is_leaf,
    trend.fund_code,
    trend.initial_budget_yuan,
    trend.adjusted_budget_yuan,
    trend.final_yuan,
    cast(
        trend.final_yuan - coalesce(trend.adjusted_budget_yuan, trend.initial_budget_yuan) as decimal(20, 2)
    ) as difference_yuan,
    cast(
        100 * trend.final_yuan / nullif(coalesce(trend.adjusted_budget_yuan, trend.initial_budget_yuan), 0)
        as decimal(14, 4)
    ) as execution_rate_pct,
    cast(trend.prior_year_yuan as decimal(20, 2)) as prior_year_yuan,
    trend.prior_year_from,
    cast(trend.change_yuan as decimal(20, 2)) as change_yuan,
    cast(100 * trend.change_yuan / nullif(abs(trend.prior_year_yuan), 0) as decimal(14, 4)) as change_pct,
    trend.comparison_base,
    case when trend.item in ('total', 'overseas_travel') then counted.overseas_groups end as overseas_groups,
    case when trend.item in ('total', 'overseas_travel') then counted.overseas_persons end as overseas_persons,
    case
        when trend.item in ('total', 'vehicle_total', 'vehicle_purchase') then counted.vehicles_purchased
    end as vehicles_purchased,
    case when trend.item in ('total', 'vehicle_total', 'vehicle_operation') then counted.vehicles_held end as vehicles_held,
    case when trend.item in ('total', 'reception') then counted.reception_batches end as reception_batches,
    case when trend.item in ('total', 'reception') then counted.reception_persons end as reception_persons,
    trend.source,
    trend.document_id,
    chosen.choice as document_choice,
    trend.page_no,
    trend.source_ref
from trend
inner join unit
    on trend.unit_id = unit.unit_id
inner join item
    on trend.item = item.item
left join chosen
    on trend.document_id = chosen.document_id
left join counted
    on
        trend.unit_id = counted.unit_id
        and trend.fiscal_year is not distinct from counted.fiscal_year
        and trend.stage = counted.stage
