-- One row per indicator of a performance form, with the names of its unit and project.
with indicator as (
    select * from {{ ref('fct_performance_indicator') }}
    where source = 'table'
),

unit as (
    select * from {{ ref('dim_unit') }}
)

select
    indicator.unit_id,
    unit.unit_name,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    indicator.fiscal_year,
    indicator.stage,
    indicator.form,
    indicator.scope,
    indicator.project_no,
    indicator.project_name,
    indicator.budget_unit_name,
    indicator.indicator_no,
    indicator.level1_name,
    indicator.level2_name,
    indicator.indicator_name,
    indicator.target_text,
    indicator.target_operator,
    indicator.target_value,
    indicator.target_unit,
    indicator.actual_text,
    indicator.actual_value,
    indicator.actual_unit,
    indicator.completion_rate_pct,
    indicator.weight,
    indicator.score,
    cast(indicator.weight - indicator.score as decimal(14, 4)) as points_lost,
    indicator.deviation_reason,
    indicator.statement_code,
    indicator.document_id,
    indicator.page_no,
    indicator.source_ref
from indicator
inner join unit
    on indicator.unit_id = unit.unit_id
