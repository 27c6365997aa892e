-- One row per fund line of a performance form, or of the text that repeats it.
with form_line as (
    select * from {{ ref('int_performance__funding_keyed') }}
),

text_line as (
    select * from {{ ref('int_claim__funding_keyed') }}
),

form_total as (
    select * from {{ ref('int_performance__form_keyed') }}
    where source = 'narrative' and scope = 'unit'
),

project as (
    select
        document_id,
        form,
        {{ squeeze(fold_width('project_name')) }} as project_name_key,
        min(project_no) as project_no
    from form_line
    where project_name is not null
    group by document_id, form, {{ squeeze(fold_width('project_name')) }}
    having count(distinct project_no) = 1
),

-- the text names a project; its number is that of the form with the same name; the unit's score stands on its total
numbered_text as (
    select
        text_line.*,
        project.project_no,
        case when text_line.scope = 'unit' and text_line.fund_line = 'total' then form_total.total_score end as total_score
    from text_line
    left join form_total
        on text_line.document_id = form_total.document_id and text_line.form = form_total.form
    left join project
        on text_line.document_id = project.document_id
        and text_line.form = project.form
        and text_line.project_name_key = project.project_name_key
),

line as (
    select
        document_id,
        fiscal_year,
        stage,
        statement_code,
        form,
        scope,
        project_no,
        project_name,
        budget_unit_name,
        fund_line,
        occurrence,
        initial_budget_yuan,
        adjusted_budget_yuan,
        executed_yuan,
        weight,
        execution_rate_pct,
        score,
        total_weight,
        total_score,
        reported_unit,
        page_no,
        source_ref,
        'table' as source
    from form_line
    union all by name
    select
        document_id,
        fiscal_year,
        stage,
        statement_code,
        form,
        scope,
        project_no,
        project_name,
        fund_line,
        occurrence,
        initial_budget_yuan,
        adjusted_budget_yuan,
        executed_yuan,
        execution_rate_pct,
        total_score,
        reported_unit,
        page_no,
        source_ref,
        'narrative' as source
    from numbered_text
),

published as (
    {{ published('line') }}
)

select
    document_id,
    unit_id,
    fiscal_year,
    stage,
    statement_code,
    source,
    form,
    scope,
    project_no,
    project_name,
    budget_unit_name,
    fund_line,
    occurrence,
    initial_budget_yuan,
    adjusted_budget_yuan,
    executed_yuan,
    weight,
    execution_rate_pct,
    score,
    total_weight,
    total_score,
    reported_unit,
    page_no,
    source_ref,
    ocr_confidence
from published
