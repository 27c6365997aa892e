-- One row per fund line of a performance form, in yuan, once for each key and value.
with funding as (
    select * from {{ ref('stg_disclosure__performance_funding') }}
),

form as (
    select * from {{ ref('int_performance__form_keyed') }}
),

converted as (
    select
        form.document_id,
        form.performance_no,
        form.statement_code,
        form.form,
        form.scope,
        form.project_no,
        form.project_name,
        form.budget_unit_name,
        form.fiscal_year,
        form.stage,
        funding.line_no,
        funding.fund_line,
        {{ to_yuan('funding.initial_value', 'funding.reported_unit') }} as initial_budget_yuan,
        {{ to_yuan('funding.adjusted_value', 'funding.reported_unit') }} as adjusted_budget_yuan,
        {{ to_yuan('funding.executed_value', 'funding.reported_unit') }} as executed_yuan,
        funding.weight,
        funding.execution_rate_pct,
        funding.score,
        case when funding.fund_line = 'total' then form.total_weight end as total_weight,
        case when funding.fund_line = 'total' then form.total_score end as total_score,
        funding.reported_unit,
        funding.reported_decimals,
        funding.page_no,
        funding.source_ref
    from funding
    inner join form
        on funding.document_id = form.document_id and funding.performance_no = form.performance_no
    where funding.fund_line is not null and funding.reported_unit is not null
),

first_printed as (
    select *
    from converted
    where coalesce(initial_budget_yuan, adjusted_budget_yuan, executed_yuan) is not null
    qualify row_number() over (
        partition by document_id, performance_no, fund_line, initial_budget_yuan, adjusted_budget_yuan, executed_yuan
        order by line_no
    ) = 1
)

select
    *,
    cast(
        row_number() over (partition by document_id, statement_code, form, scope, project_no, budget_unit_name, fund_line order by performance_no, line_no)
        as integer
    ) as occurrence
from first_printed
