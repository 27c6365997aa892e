-- One row per unit, fiscal year, stage and source of revenue that is not broken down further: rows may be added up.
{# half of the last digit of an amount in 万元 with two decimals #}
{% set rounding_yuan = 50 -%}
with recursive revenue as (
    select * from {{ ref('fct_revenue') }}
),

chosen as (
    select * from {{ ref('bridge_unit_document') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

named as (
    select * from {{ ref('revenue_source') }}
),

above as (
    select
        revenue_source,
        parent_source as upper_source
    from named
    where parent_source is not null
    union all
    select
        above.revenue_source,
        named.parent_source as upper_source
    from above
    inner join named
        on above.upper_source = named.revenue_source
    where named.parent_source is not null
),

stated as (
    select
        revenue.*,
        chosen.preference,
        chosen.choice,
        chosen.documents,
        count(*) filter (where revenue.revenue_source != 'total')
            over (partition by revenue.document_id, revenue.statement_code, revenue.source) as sources
    from revenue
    inner join chosen
        on revenue.document_id = chosen.document_id and revenue.fiscal_year = chosen.fiscal_year and revenue.stage = chosen.stage
    where
        revenue.basis = case revenue.stage when 'final' then 'final' else 'initial_budget' end
        and revenue.fund_code = 'all'
        and revenue.statement_code in ('summary', 'revenue')
        and revenue.function_code is null
        and revenue.function_name is null
        and revenue.occurrence = 1
        and revenue.budget_unit_name is null
        and revenue.budget_part is null
),

of_one_place as (
    select *
    from stated
    qualify dense_rank() over (
        partition by unit_id, fiscal_year, stage
        order by sources = 0, source = 'narrative', preference, statement_code = 'revenue', document_id
    ) = 1
),

leaf as (
    select of_one_place.*
    from of_one_place
    where not exists (
        select 1
        from of_one_place as finer
        inner join above
            on finer.revenue_source = above.revenue_source
        where
            finer.unit_id = of_one_place.unit_id
            and finer.fiscal_year = of_one_place.fiscal_year
            and finer.stage = of_one_place.stage
            and above.upper_source = of_one_place.revenue_source
    )
),

-- forms that print fees in special accounts below the institutional revenue that they are part of: only without them is the total met
fees_within as (
    select
        leaf.unit_id,
        leaf.fiscal_year,
        leaf.stage
    from leaf
    inner join of_one_place as total
        on
            leaf.unit_id = total.unit_id
            and leaf.fiscal_year = total.fiscal_year
            and leaf.stage = total.stage
            and total.revenue_source = 'total'
    where leaf.revenue_source != 'total'
    group by leaf.unit_id, leaf.fiscal_year, leaf.stage
    having
        max(leaf.amount_yuan) filter (where leaf.revenue_source = 'special_account')
        between 0.01 and max(leaf.amount_yuan) filter (where leaf.revenue_source = 'institutional')
        and abs(sum(leaf.amount_yuan) - max(total.amount_yuan)) > {{ rounding_yuan }} * count(*)
        and abs(sum(leaf.amount_yuan) filter (where leaf.revenue_source != 'special_account') - max(total.amount_yuan))
        <= {{ rounding_yuan }} * count(*)
),

counted as (
    select leaf.*
    from leaf
    left join fees_within
        on
            leaf.unit_id = fees_within.unit_id
            and leaf.fiscal_year = fees_within.fiscal_year
            and leaf.stage = fees_within.stage
    where fees_within.unit_id is null or leaf.revenue_source != 'special_account'
)

select
    counted.unit_id,
    unit.unit_name,
    unit.unit_kind,
    unit.region_code,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    counted.fiscal_year,
    counted.stage,
    counted.revenue_source,
    named.name_zh as revenue_source_name_zh,
    named.name_en as revenue_source_name_en,
    counted.amount_yuan,
    cast(
        100 * counted.amount_yuan / nullif(sum(counted.amount_yuan) over (partition by counted.unit_id, counted.fiscal_year, counted.stage), 0)
        as decimal(14, 4)
    ) as share_pct,
    counted.statement_code,
    counted.source,
    counted.document_id,
    counted.choice as document_choice,
    counted.documents as documents_of_unit,
    counted.page_no,
    counted.source_ref
from counted
inner join unit
    on counted.unit_id = unit.unit_id
inner join named
    on counted.revenue_source = named.revenue_source
