-- One row per reason that a sentence gives for a change, with the names of the unit, its place and what changed.
with reason as (
    select * from {{ ref('fct_change_reason') }}
),

chosen as (
    select * from {{ ref('bridge_unit_document') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

statement as (
    select * from {{ ref('dim_statement') }}
),

subject as (
    select
        case fact when 'revenue' then 'revenue_source' when 'expenditure' then 'measure' else fact end as subject_type,
        case when fact in ('revenue', 'expenditure') then column_key else row_key end as subject_code,
        name_zh,
        name_en
    from {{ ref('int_subject__named') }}
    where fact in ('balance', 'three_public', 'metric', 'revenue', 'expenditure')
    union all
    select
        'function' as subject_type,
        function_code as subject_code,
        name_zh,
        name_en
    from {{ ref('dim_function') }}
    union all
    select
        'economic' as subject_type,
        economic_code as subject_code,
        name_zh,
        name_en
    from {{ ref('dim_economic') }}
)

select
    reason.unit_id,
    unit.unit_name,
    unit.unit_kind,
    unit.region_code,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    reason.fiscal_year,
    reason.stage,
    reason.statement_code,
    statement.name_zh as statement_name_zh,
    statement.name_en as statement_name_en,
    reason.subject_type,
    reason.subject_code,
    coalesce(reason.subject_name, subject.name_zh) as subject_name_zh,
    subject.name_en as subject_name_en,
    reason.fund_code,
    reason.compared_with,
    reason.direction,
    reason.amount_yuan,
    reason.reason_zh,
    reason.occurrence,
    reason.source,
    reason.document_id,
    chosen.choice as document_choice,
    reason.page_no,
    reason.source_ref
from reason
inner join chosen
    on reason.document_id = chosen.document_id
inner join unit
    on reason.unit_id = unit.unit_id
left join statement
    on reason.statement_code = statement.statement_code
left join subject
    on reason.subject_type = subject.subject_type and reason.subject_code = subject.subject_code
