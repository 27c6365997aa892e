-- One row per unit, fiscal year and stage: spending, funds, staff, the three public expenses and procurement side by side.
with chosen as (
    select * from {{ ref('bridge_unit_document') }}
),

document as (
    select * from {{ ref('dim_document') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

spending as (
    select * from {{ ref('rpt_spending_by_function') }}
    where is_unit_total
),

three_public as (
    select * from {{ ref('rpt_three_public_by_unit') }}
    where item = 'total'
),

member as (
    select distinct
        department_id,
        unit_id
    from {{ ref('bridge_member_unit') }}
    where unit_id is not null and unit_id != department_id
    union
    select
        {{ body_of('unit_id') }} as department_id,
        unit_id
    from unit
    where unit_id != {{ body_of('unit_id') }}
),

counted_finding as (
    select
        document_id,
        count(*) filter (where severity = 'error') as errors,
        count(*) filter (where severity = 'warning') as warnings
    from {{ ref('fct_finding') }}
    where not accepted and is_cause
    group by document_id
),

body as (
    select
        chosen.unit_id,
        chosen.fiscal_year,
        chosen.stage,
        any_value(chosen.document_id) filter (where chosen.preference = 1) as document_id,
        any_value(chosen.choice) filter (where chosen.preference = 1) as choice,
        any_value(chosen.documents) as documents,
        sum(coalesce(counted_finding.errors, 0)) as open_errors,
        sum(coalesce(counted_finding.warnings, 0)) as open_warnings
    from chosen
    left join counted_finding
        on chosen.document_id = counted_finding.document_id
    group by all
),

stated_total as (
    select
        expenditure.unit_id,
        expenditure.fiscal_year,
        expenditure.stage,
        expenditure.fund_code,
        expenditure.measure,
        expenditure.amount_yuan
    from {{ ref('fct_expenditure') }} as expenditure
    inner join chosen
        on
            expenditure.document_id = chosen.document_id
            and expenditure.fiscal_year = chosen.fiscal_year
            and expenditure.stage = chosen.stage
    where
        expenditure.level = 'total'
        and expenditure.measure in ('total', 'basic', 'project')
        and expenditure.basis = case expenditure.stage when 'final' then 'final' else 'initial_budget' end
        and expenditure.occurrence = 1
        and expenditure.budget_unit_name is null
        and expenditure.budget_part is null
        and expenditure.economic_code is null
        and expenditure.government_economic_code is null
    qualify row_number() over (
        partition by
            expenditure.unit_id, expenditure.fiscal_year, expenditure.stage, expenditure.fund_code, expenditure.measure
        order by
            expenditure.source = 'narrative',
            expenditure.statement_code not in ('general_public_expenditure', 'government_fund', 'state_capital'),
            expenditure.statement_code,
            chosen.preference
    ) = 1
),

fund as (
    select
        unit_id,
        fiscal_year,
        stage,
        max(amount_yuan) filter (where fund_code = 'general_public' and measure = 'total') as general_public_yuan,
        max(amount_yuan) filter (where fund_code = 'government_fund' and measure = 'total') as government_fund_yuan,
        max(amount_yuan) filter (where fund_code = 'state_capital' and measure = 'total') as state_capital_yuan,
        max(amount_yuan) filter (where fund_code = 'all' and measure = 'basic') as basic_of_all_yuan,
        max(amount_yuan) filter (where fund_code = 'all' and measure = 'project') as project_of_all_yuan
    from stated_total
    group by all
),

stated as (
    select
        metric.unit_id,
        metric.fiscal_year,
        metric.stage,
        metric.metric_code,
        metric.value
    from {{ ref('fct_disclosure_metric') }} as metric
    inner join chosen
        on metric.document_id = chosen.document_id and metric.fiscal_year = chosen.fiscal_year and metric.stage = chosen.stage
    where
        metric.detail is null
        and metric.occurrence = 1
        and metric.basis = case metric.stage when 'final' then 'final' else 'initial_budget' end
    qualify row_number() over (
        partition by metric.unit_id, metric.fiscal_year, metric.stage, metric.metric_code
        order by chosen.preference, metric.source = 'narrative', metric.fund_code nulls first, metric.source_ref
    ) = 1
),

metric as (
    select
        unit_id,
        fiscal_year,
        stage,
        max(value) filter (where metric_code = 'staff_quota') as staff_quota_persons,
        max(value) filter (where metric_code = 'staff_total') as staff_total_persons,
        max(value) filter (where metric_code = 'staff_in_service') as staff_in_service_persons,
        max(value) filter (where metric_code = 'vehicle_count') as vehicles,
        max(value) filter (where metric_code = 'operating_expense') as operating_expense_yuan,
        max(value) filter (where metric_code = 'procurement_total') as procurement_yuan,
        max(value) filter (where metric_code = 'procurement_goods') as procurement_goods_yuan,
        max(value) filter (where metric_code = 'procurement_works') as procurement_works_yuan,
        max(value) filter (where metric_code = 'procurement_services') as procurement_services_yuan,
        max(value) filter (where metric_code = 'procurement_sme') as procurement_sme_yuan,
        max(value) filter (where metric_code = 'procurement_micro') as procurement_micro_yuan
    from stated
    group by all
),

joined as (
    select
        body.*,
        spending.amount_yuan as spending_yuan,
        coalesce(spending.basic_yuan, fund.basic_of_all_yuan) as basic_yuan,
        coalesce(spending.project_yuan, fund.project_of_all_yuan) as project_yuan,
        fund.general_public_yuan,
        fund.government_fund_yuan,
        fund.state_capital_yuan,
        coalesce(three_public.final_yuan, three_public.initial_budget_yuan) as three_public_yuan,
        metric.* exclude (unit_id, fiscal_year, stage),
        coalesce(metric.staff_in_service_persons, metric.staff_total_persons, metric.staff_quota_persons) as head_count_persons,
        case
            when metric.staff_in_service_persons is not null then 'staff_in_service'
            when metric.staff_total_persons is not null then 'staff_total'
            when metric.staff_quota_persons is not null then 'staff_quota'
        end as head_count_from
    from body
    left join spending
        on body.unit_id = spending.unit_id and body.fiscal_year = spending.fiscal_year and body.stage = spending.stage
    left join three_public
        on body.unit_id = three_public.unit_id and body.fiscal_year = three_public.fiscal_year and body.stage = three_public.stage
    left join fund
        on body.unit_id = fund.unit_id and body.fiscal_year = fund.fiscal_year and body.stage = fund.stage
    left join metric
        on body.unit_id = metric.unit_id and body.fiscal_year = metric.fiscal_year and body.stage = metric.stage
)

select
    joined.unit_id,
    unit.unit_name,
    unit.unit_kind,
    unit.region_code,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    joined.fiscal_year,
    joined.stage,
    not exists (
        select 1
        from member
        inner join body
            on member.department_id = body.unit_id
        where member.unit_id = joined.unit_id and body.fiscal_year = joined.fiscal_year and body.stage = joined.stage
    ) as counts_in_region,
    joined.spending_yuan,
    joined.basic_yuan,
    joined.project_yuan,
    cast(100 * joined.basic_yuan / nullif(joined.spending_yuan, 0) as decimal(14, 4)) as basic_share_pct,
    cast(100 * joined.project_yuan / nullif(joined.spending_yuan, 0) as decimal(14, 4)) as project_share_pct,
    joined.general_public_yuan,
    joined.government_fund_yuan,
    joined.state_capital_yuan,
    cast(joined.staff_quota_persons as integer) as staff_quota_persons,
    cast(joined.staff_total_persons as integer) as staff_total_persons,
    cast(joined.staff_in_service_persons as integer) as staff_in_service_persons,
    joined.head_count_from,
    cast(joined.spending_yuan / nullif(joined.head_count_persons, 0) as decimal(20, 2)) as spending_per_head_yuan,
    joined.three_public_yuan,
    cast(joined.three_public_yuan / nullif(joined.head_count_persons, 0) as decimal(20, 2)) as three_public_per_head_yuan,
    cast(joined.vehicles as integer) as vehicles,
    cast(joined.operating_expense_yuan as decimal(20, 2)) as operating_expense_yuan,
    cast(joined.procurement_yuan as decimal(20, 2)) as procurement_yuan,
    cast(joined.procurement_goods_yuan as decimal(20, 2)) as procurement_goods_yuan,
    cast(joined.procurement_works_yuan as decimal(20, 2)) as procurement_works_yuan,
    cast(joined.procurement_services_yuan as decimal(20, 2)) as procurement_services_yuan,
    cast(joined.procurement_sme_yuan as decimal(20, 2)) as procurement_sme_yuan,
    cast(joined.procurement_micro_yuan as decimal(20, 2)) as procurement_micro_yuan,
    cast(100 * joined.procurement_sme_yuan / nullif(joined.procurement_yuan, 0) as decimal(14, 4)) as procurement_sme_share_pct,
    cast(100 * joined.procurement_micro_yuan / nullif(joined.procurement_yuan, 0) as decimal(14, 4)) as procurement_micro_share_pct,
    cast(joined.open_errors as integer) as open_errors,
    cast(joined.open_warnings as integer) as open_warnings,
    document.audit_status,
    document.file_name,
    document.source_url,
    joined.document_id,
    joined.choice as document_choice,
    joined.documents as documents_of_unit
from joined
inner join document
    on joined.document_id = document.document_id
inner join unit
    on joined.unit_id = unit.unit_id
