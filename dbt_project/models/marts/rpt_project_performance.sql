-- One row per performance form: of a project, or of the unit as a whole.
with funding as (
    select * from {{ ref('fct_project_funding') }}
),

indicator as (
    select * from {{ ref('fct_performance_indicator') }}
    where source = 'table'
),

unit as (
    select * from {{ ref('dim_unit') }}
),

performance_form as (
    select
        document_id,
        unit_id,
        fiscal_year,
        stage,
        statement_code,
        form,
        scope,
        project_no,
        budget_unit_name,
        max(project_name) as project_name,
        min(page_no) as page_no
    from (
        select * from funding
        where source = 'table'
        union all by name
        select * from indicator
    )
    group by all
),

total_line as (
    select *
    from funding
    where source = 'table' and fund_line = 'total' and occurrence = 1
),

indicator_counted as (
    select
        document_id,
        form,
        scope,
        project_no,
        budget_unit_name,
        count(*) as indicators,
        sum(weight) as indicator_weight_sum,
        sum(score) as indicator_score_sum,
        count(*) filter (where score < weight) as indicators_below_full_score,
        count(completion_rate_pct) as indicators_with_completion,
        count(*) filter (where completion_rate_pct < 100) as indicators_below_target,
        min(completion_rate_pct) as lowest_completion_rate_pct
    from indicator
    group by all
)

select
    performance_form.document_id,
    performance_form.unit_id,
    unit.unit_name,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    performance_form.fiscal_year,
    performance_form.stage,
    performance_form.form,
    performance_form.scope,
    performance_form.project_no,
    performance_form.project_name,
    performance_form.budget_unit_name,
    total_line.initial_budget_yuan,
    total_line.adjusted_budget_yuan,
    total_line.executed_yuan,
    total_line.execution_rate_pct,
    total_line.weight as execution_weight,
    total_line.score as execution_score,
    total_line.total_weight,
    total_line.total_score,
    cast(coalesce(indicator_counted.indicators, 0) as integer) as indicators,
    cast(indicator_counted.indicator_weight_sum as decimal(14, 4)) as indicator_weight_sum,
    cast(indicator_counted.indicator_score_sum as decimal(14, 4)) as indicator_score_sum,
    case
        when performance_form.form = 'self_evaluation' then cast(indicator_counted.indicators_below_full_score as integer)
    end as indicators_below_full_score,
    cast(coalesce(indicator_counted.indicators_with_completion, 0) as integer) as indicators_with_completion,
    case when indicator_counted.indicators_with_completion > 0 then cast(indicator_counted.indicators_below_target as integer) end
        as indicators_below_target,
    indicator_counted.lowest_completion_rate_pct,
    performance_form.statement_code,
    performance_form.page_no
from performance_form
inner join unit
    on performance_form.unit_id = unit.unit_id
left join total_line
    on
        performance_form.document_id = total_line.document_id
        and performance_form.form = total_line.form
        and performance_form.scope = total_line.scope
        and performance_form.project_no is not distinct from total_line.project_no
        and performance_form.budget_unit_name is not distinct from total_line.budget_unit_name
left join indicator_counted
    on
        performance_form.document_id = indicator_counted.document_id
        and performance_form.form = indicator_counted.form
        and performance_form.scope = indicator_counted.scope
        and performance_form.project_no is not distinct from indicator_counted.project_no
        and performance_form.budget_unit_name is not distinct from indicator_counted.budget_unit_name
