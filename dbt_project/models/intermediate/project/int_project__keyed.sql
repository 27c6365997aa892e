-- One row per amount of a project, from forms of projects and from the text, once for each key and value.
with table_line as (
    select * from {{ ref('int_project__table_keyed') }}
),

claim as (
    select
        *,
        {{ squeeze(fold_width('project_name')) }} as project_name_key
    from {{ ref('int_claim__code_resolved') }}
    where fact = 'project_budget' and project_name is not null
),

-- what the text says an amount of a project goes to
allocation as (
    select
        *,
        cast(value as decimal(20, 2)) as amount_yuan
    from {{ ref('int_stated_part__unified') }}
    where
        whole_code = 'project_budget'
        and project_name is not null
        and unit = 'yuan'
        and value is not null
        and part_name not in ('合计', '小计', '总计', '共计')
    qualify row_number() over (
        partition by document_id, statement_code, fund_code, basis, project_name, part_name, value
        order by part_no
    ) = 1
),

allocated as (
    select distinct
        document_id,
        project_name
    from allocation
),

first_printed as (
    select *
    from claim
    qualify row_number() over (
        partition by document_id, statement_code, fund_code, basis, budget_unit_name, project_name_key, code, amount_yuan
        order by claim_no
    ) = 1
)

select
    *,
    cast(null as varchar) as comparison_base
from table_line
union all by name
select
    document_id,
    stage,
    fiscal_year,
    statement_code,
    'narrative' as source,
    fund_code,
    basis,
    'part' as level,
    project_name,
    part_name as allocation_name,
    true as is_leaf,
    economic_code,
    amount_yuan,
    reported_value,
    reported_unit,
    reported_decimals,
    half_width_yuan,
    false as unit_inferred,
    cast(row_number() over (
        partition by document_id, statement_code, fund_code, basis, project_name, part_name, economic_code
        order by part_no
    ) as integer) as occurrence,
    page_no,
    source_ref
from allocation
union all by name
select
    document_id,
    stage,
    fiscal_year,
    statement_code,
    'narrative' as source,
    fund_code,
    basis,
    budget_unit_name,
    'project' as level,
    project_name,
    allocated.project_name is null as is_leaf,
    code as function_code,
    label as function_name,
    cast(null as varchar) as economic_code,
    amount_yuan,
    reported_value,
    reported_unit,
    reported_decimals,
    half_width_yuan,
    false as unit_inferred,
    cast(row_number() over (
        partition by document_id, statement_code, fund_code, basis, budget_unit_name, project_name_key, code
        order by claim_no
    ) as integer) as occurrence,
    page_no,
    source_ref,
    comparison_base
from first_printed
left join allocated using (document_id, project_name)
