-- One row per read figure and line that it states: statement, fund, row and column, its names resolved to codes.
with claim as (
    select *
    from {{ ref('int_claim__amount_normalised') }}
    where status = 'read'
),

function_path as (
    select * from {{ ref('int_claim__function_resolved') }}
),

metric as (
    select * from {{ ref('metric') }}
),

statement as (
    select * from {{ ref('forms') }}
),

economic_name as (
    select * from {{ ref('int_economic__bare_name') }}
),

-- the one government class that a name means; a printed code needs no name
government_name as (
    select
        regexp_replace({{ squeeze(fold_width('name_zh')) }}, '支出$', '') as name_key,
        min(code) as government_code
    from {{ ref('economic_classification') }}
    where code >= '5' and valid_to_year is null
    group by name_key
    having count(distinct code) = 1
),

-- one figure for both sides is a line of each
sided as (
    select
        * exclude (subject_code),
        unnest(case when subject_code = 'total_both' then ['total_income', 'total_expenditure'] else [subject_code] end) as subject_code
    from claim
),

-- income and expenditure of the year are balance items and totals of revenue and expenditure
stated as (
    select * from sided
    union all by name
    select
        * exclude (fact, subject_code),
        case subject_code when 'current_income' then 'revenue' else 'expenditure' end as fact,
        'total' as subject_code
    from sided
    where fact = 'balance' and subject_code in ('current_income', 'current_expenditure')
),

placed as (
    select
        stated.* exclude (statement_code, fund_code),
        coalesce(metric.statement_code, stated.statement_code) as statement_code,
        stated.fund_code as said_fund_code,
        coalesce(stated.fund_code, statement.widest_fund) as fund_code,
        regexp_replace(
            {{ squeeze(fold_width('coalesce(stated.economic_name, case when stated.fact = \'part\' then stated.part_name end)')) }}, '支出$', ''
        ) as economic_key,
        {{ printed_government_code('stated.economic_name') }} as printed_government_code
    from stated
    left join metric
        on (stated.fact in ('metric', 'part') or stated.subject_type = 'metric') and stated.subject_code = metric.metric_code
    left join statement
        on coalesce(metric.statement_code, stated.statement_code) = statement.statement_code
),

coded as (
    select
        placed.*,
        case
            when placed.fact in ('expenditure', 'revenue', 'project_budget') or placed.subject_type = 'function' then function_path.function_code
            when placed.printed_government_code is not null then null
            when placed.fact in ('economic', 'part') or placed.subject_type = 'economic' then economic_name.economic_code
        end as code,
        case
            when placed.fact = 'economic' or placed.subject_type = 'economic'
                then coalesce(
                    placed.printed_government_code,
                    case when economic_name.economic_code is null then government_name.government_code end
                )
        end as government_economic_code,
        case
            when placed.fact in ('expenditure', 'revenue', 'project_budget') or placed.subject_type = 'function' then function_path.function_name
            when placed.fact = 'economic' or placed.subject_type = 'economic'
                then regexp_replace(placed.economic_name, '^5[0-9]+|[（(]5[0-9]+[）)]$', '')
        end as label,
        function_path.level as function_level
    from placed
    left join function_path
        on placed.document_id = function_path.document_id and placed.function_path = function_path.function_path
    left join economic_name
        on placed.economic_key = economic_name.name_key
    left join government_name
        on placed.economic_key = government_name.name_key
),

keyed as (
    select
        *,
        case
            when fact in ('balance', 'three_public') then null
            when code is null and label is null then 'total'
            when fact in ('expenditure', 'revenue') then function_level
            when length(coalesce(code, government_economic_code)) = 3 then 'class'
            else 'section'
        end as level
    from coded
),

rowed as (
    select
        *,
        case
            when fact in ('balance', 'three_public') then subject_code
            when level = 'total' then 'total'
            when government_economic_code is not null then '/' || government_economic_code
            else coalesce(code, 'name:' || {{ squeeze(fold_width('label')) }})
        end as subject_key,
        {{ share_suffix('budget_unit_name', 'null') }} as share_suffix
    from keyed
)

select
    *,
    subject_key || share_suffix as row_key,
    case
        when fact in ('balance', 'three_public') then 'amount'
        else coalesce(subject_code, 'total')
    end as column_key
from rowed
