-- One row per indicator of a performance form: target and actual value as operator, number and unit.
with indicator as (
    select * from {{ ref('stg_disclosure__performance_indicator') }}
),

form as (
    select * from {{ ref('int_performance__form_keyed') }}
),

-- a form may print operator and unit in separate columns
composed as (
    select
        * exclude (target_text, operator_text, target_unit_text),
        case when {{ comparison_operator(fold_width('operator_text')) }} is not null then operator_text else '' end
        || target_text
        || case when not ends_with(target_text, coalesce(target_unit_text, '')) then target_unit_text else '' end as target_text
    from indicator
),

parted as (
    select
        *,
        {{ fold_width('target_text') }} as folded_target,
        {{ fold_width('actual_text') }} as folded_actual
    from composed
),

parsed as (
    select
        *,
        {{ comparison_operator('folded_target') }} as operator,
        {{ quantity_parts('folded_target') }} as target_parts,
        {{ quantity_parts('folded_actual') }} as actual_parts
    from parted
)

select
    form.document_id,
    form.performance_no,
    form.statement_code,
    form.source,
    form.form,
    form.scope,
    form.project_no,
    form.project_name,
    form.budget_unit_name,
    form.fiscal_year,
    form.stage,
    parsed.indicator_no,
    parsed.level1_name,
    parsed.level2_name,
    parsed.indicator_name,
    parsed.target_text,
    case when parsed.target_parts['number'] != '' then parsed.operator end as target_operator,
    {{ parse_amount("parsed.target_parts['number']") }} as target_value,
    {{ quantity_unit('parsed.target_parts', 'parsed.target_text', 'parsed.folded_target') }} as target_unit,
    parsed.target_basis,
    parsed.prior_year_text,
    parsed.actual_text,
    {{ parse_amount("parsed.actual_parts['number']") }} as actual_value,
    {{ quantity_unit('parsed.actual_parts', 'parsed.actual_text', 'parsed.folded_actual') }} as actual_unit,
    parsed.completion_rate_pct,
    parsed.weight,
    parsed.score,
    parsed.deviation_reason,
    parsed.page_no,
    parsed.source_ref
from parsed
inner join form
    on parsed.document_id = form.document_id and parsed.performance_no = form.performance_no
