-- One row per funding line of a project or unit that the text of a performance report repeats.
with claim as (
    select
        *,
        {{ squeeze(fold_width('project_name')) }} as project_name_key
    from {{ ref('int_claim__code_resolved') }}
    where fact = 'project_funding'
),

-- the form that a project has in the same document
project_form as (
    select
        document_id,
        form,
        {{ squeeze(fold_width('project_name')) }} as project_name_key,
        case when count(distinct project_no) = 1 then min(project_no) end as project_no
    from {{ ref('int_performance__funding_keyed') }}
    where scope = 'project'
    group by all
),

first_printed as (
    select *
    from claim
    qualify row_number() over (
        partition by document_id, statement_code, form, scope, project_name_key, subject_code, amount_column, reported_value, reported_unit
        order by claim_no
    ) = 1
),

numbered as (
    select
        *,
        cast(row_number() over (
            partition by document_id, statement_code, form, scope, project_name_key, subject_code, amount_column
            order by claim_no
        ) as integer) as occurrence
    from first_printed
),

pivoted as (
    select
        document_id,
        stage,
        fiscal_year,
        statement_code,
        form,
        scope,
        project_name_key,
        arg_min(project_name, claim_no) as project_name,
        subject_code as fund_line,
        occurrence,
        max(amount_yuan) filter (where amount_column = 'initial_budget') as initial_budget_yuan,
        max(amount_yuan) filter (where amount_column = 'adjusted_budget') as adjusted_budget_yuan,
        max(amount_yuan) filter (where amount_column = 'executed') as executed_yuan,
        cast(max(reported_value) filter (where amount_column = 'execution_rate') as decimal(14, 4)) as execution_rate_pct,
        arg_min(reported_unit, claim_no) filter (where unit_kind = 'money') as reported_unit,
        max(reported_decimals) filter (where unit_kind = 'money') as reported_decimals,
        arg_min(page_no, claim_no) as page_no,
        arg_min(source_ref, claim_no) as source_ref
    from numbered
    group by document_id, stage, fiscal_year, statement_code, form, scope, project_name_key, subject_code, occurrence
)

select
    pivoted.*,
    project_form.project_no
from pivoted
left join project_form
    on
        pivoted.document_id = project_form.document_id
        and pivoted.form = project_form.form
        and pivoted.scope = 'project'
        and pivoted.project_name_key = project_form.project_name_key
