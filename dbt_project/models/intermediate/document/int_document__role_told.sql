-- One row per document: what it is of its disclosure, by what it holds.
{% set least_forms = 3 -%}
{% set least_prose = 10 -%}

with document as (
    select * from {{ ref('stg_disclosure__document') }}
),

statement as (
    select * from {{ ref('forms') }}
),

form as (
    select
        form.document_id,
        count(distinct form.statement_code) filter (where statement.layout != 'performance') as form_count,
        count(*) filter (where statement.layout = 'performance') as performance_count
    from {{ ref('stg_disclosure__form') }} as form
    inner join statement
        on form.statement_code = statement.statement_code
    group by form.document_id
),

performance as (
    select
        document_id,
        count(*) as performance_count
    from {{ ref('stg_disclosure__performance_form') }}
    group by document_id
),

counted as (
    select
        document.document_id,
        document.doc_type,
        coalesce(document.prose_paragraphs, 0) as prose_count,
        coalesce(form.form_count, 0) as form_count,
        coalesce(form.performance_count, 0) + coalesce(performance.performance_count, 0) as performance_count
    from document
    left join form
        on document.document_id = form.document_id
    left join performance
        on document.document_id = performance.document_id
)

select
    document_id,
    case
        when doc_type = 'performance_report' then 'performance'
        when form_count = 0 and performance_count > 0 and prose_count < {{ least_prose }} then 'performance'
        when form_count > 0 and prose_count >= {{ least_prose }} then 'whole'
        when form_count >= {{ least_forms }} then 'forms'
        when form_count = 0 and prose_count >= {{ least_prose }} then 'text'
        else 'part'
    end as document_role
from counted
