-- One row per unit, fiscal year, stage and economic code that is not broken down further: rows may be added up.
with spending as (
    select * from {{ ref('fct_economic_expenditure') }}
),

chosen as (
    select * from {{ ref('bridge_unit_document') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

economic as (
    select * from {{ ref('dim_economic') }}
),

stated as (
    select
        spending.*,
        chosen.preference,
        chosen.choice,
        chosen.documents,
        case when spending.statement_code = 'general_public_project' or spending.measure = 'project' then 'project' else 'basic' end as part
    from spending
    inner join chosen
        on spending.document_id = chosen.document_id and spending.fiscal_year = chosen.fiscal_year and spending.stage = chosen.stage
    where
        spending.basis = case spending.stage when 'final' then 'final' else 'initial_budget' end
        and spending.fund_code = 'general_public'
        and (
            spending.statement_code in ('general_public_basic', 'general_public_project') and spending.measure = 'total'
            or spending.statement_code = 'general_public_economic' and spending.measure in ('personnel', 'public', 'project')
        )
        and spending.source = 'table'
        and spending.economic_code is not null
        and spending.occurrence = 1
        and spending.budget_unit_name is null
        and spending.budget_part is null
),

of_one_form as (
    select *
    from stated
    qualify dense_rank() over (
        partition by unit_id, fiscal_year, stage, part
        order by statement_code = 'general_public_economic', preference, document_id
    ) = 1
),

summed as (
    select
        unit_id,
        fiscal_year,
        stage,
        part,
        document_id,
        statement_code,
        choice,
        documents,
        economic_code,
        sum(amount_yuan) as amount_yuan,
        min(page_no) as page_no,
        min(source_ref) as source_ref
    from of_one_form
    group by all
),

leaf as (
    select summed.*
    from summed
    where not exists (
        select 1
        from summed as finer
        where
            finer.unit_id = summed.unit_id
            and finer.fiscal_year = summed.fiscal_year
            and finer.stage = summed.stage
            and finer.part = summed.part
            and finer.amount_yuan != 0
            and length(finer.economic_code) > length(summed.economic_code)
            and starts_with(finer.economic_code, summed.economic_code)
    )
)

select
    leaf.unit_id,
    unit.unit_name,
    unit.unit_kind,
    unit.region_code,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    leaf.fiscal_year,
    leaf.stage,
    leaf.part,
    leaf.economic_code,
    economic.name_zh as economic_name_zh,
    economic.name_en as economic_name_en,
    class.economic_code as class_code,
    class.name_zh as class_name_zh,
    class.name_en as class_name_en,
    economic.expense_group,
    cast(leaf.amount_yuan as decimal(20, 2)) as amount_yuan,
    leaf.statement_code,
    leaf.document_id,
    leaf.choice as document_choice,
    leaf.documents as documents_of_unit,
    leaf.page_no,
    leaf.source_ref
from leaf
inner join unit
    on leaf.unit_id = unit.unit_id
left join economic
    on leaf.economic_code = economic.economic_code
left join economic as class
    on left(leaf.economic_code, 3) = class.economic_code
