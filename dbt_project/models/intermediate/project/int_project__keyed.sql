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

first_printed as (
    select *
    from claim
    qualify row_number() over (
        partition by document_id, statement_code, fund_code, basis, project_name_key, code, amount_yuan
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
    'project' as level,
    project_name,
    true as is_leaf,
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
        partition by document_id, statement_code, fund_code, basis, project_name_key, code
        order by claim_no
    ) as integer) as occurrence,
    page_no,
    source_ref,
    comparison_base
from first_printed
