-- One row per document: which forms and figures it discloses, how much of them is read, and what is wrong with it.
with document as (
    select * from {{ ref('dim_document') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

coverage as (
    select * from {{ ref('extraction_coverage') }}
),

statement as (
    select * from {{ ref('dim_statement') }}
),

prose as (
    select * from {{ ref('narrative_coverage') }}
),

finding as (
    select * from {{ ref('fct_finding') }}
),

performance_form as (
    select * from {{ ref('int_performance__status') }}
),

counted_form as (
    select
        coverage.document_id,
        count(*) as forms_due,
        count(*) filter (where coverage.status = 'extracted') as forms_extracted,
        count(*) filter (where coverage.status = 'partial') as forms_partial,
        count(*) filter (where coverage.status = 'empty_by_declaration') as forms_empty_by_declaration,
        count(*) filter (where coverage.status = 'blank') as forms_blank,
        count(*) filter (where coverage.status = 'in_companion') as forms_in_companion,
        count(*) filter (where coverage.status in ('declared_but_missing', 'not_declared')) as forms_missing,
        string_agg(coverage.statement_code, ', ' order by statement.sort_order)
            filter (where coverage.status in ('declared_but_missing', 'not_declared')) as missing_forms,
        string_agg(statement.name_zh, '、' order by statement.sort_order)
            filter (where coverage.status in ('declared_but_missing', 'not_declared')) as missing_forms_zh
    from coverage
    left join statement
        on coverage.statement_code = statement.code
    group by coverage.document_id
),

counted_performance as (
    select
        document_id,
        sum(form_count) filter (where statement_code = 'overall_performance') as unit_performance_forms,
        sum(form_count) filter (where statement_code = 'project_performance') as project_performance_forms
    from performance_form
    group by document_id
),

counted_finding as (
    select
        document_id,
        count(*) filter (where severity = 'error') as findings_error,
        count(*) filter (where severity = 'warning') as findings_warning,
        count(*) filter (where severity = 'info') as findings_info
    from finding
    where not accepted
    group by document_id
)

select
    document.document_id,
    document.file_name,
    document.doc_type,
    document.unit_id,
    unit.unit_name,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    document.fiscal_year,
    document.stage,
    {%- for status in ('due', 'extracted', 'partial', 'empty_by_declaration', 'blank', 'in_companion', 'missing') %}
    cast(coalesce(counted_form.forms_{{ status }}, 0) as integer) as forms_{{ status }},
    {%- endfor %}
    counted_form.missing_forms,
    counted_form.missing_forms_zh,
    cast(coalesce(counted_performance.unit_performance_forms, 0) as integer) as unit_performance_forms,
    cast(coalesce(counted_performance.project_performance_forms, 0) as integer) as project_performance_forms,
    prose.money_figures,
    prose.money_figures_read,
    prose.money_figures_set_aside,
    prose.money_figures_unread,
    prose.money_figures_unread_pct,
    prose.percentages,
    prose.percentages_unread,
    prose.counts,
    prose.counts_unread,
    {%- for column in ('findings_error', 'findings_warning', 'findings_info') %}
    cast(coalesce(counted_finding.{{ column }}, 0) as integer) as {{ column }},
    {%- endfor %}
    document.audit_status,
    document.hold_reason
from document
inner join unit
    on document.unit_id = unit.unit_id
left join counted_form
    on document.document_id = counted_form.document_id
left join counted_performance
    on document.document_id = counted_performance.document_id
left join prose
    on document.document_id = prose.document_id
left join counted_finding
    on document.document_id = counted_finding.document_id
