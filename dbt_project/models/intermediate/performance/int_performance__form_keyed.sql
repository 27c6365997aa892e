-- One row per performance form whose rows are loaded: the first printing for each budget unit, kind and project.
with form as (
    select * from {{ ref('stg_disclosure__performance_form') }}
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

-- a mark for a sum over a department's units is no part of a name, nor is the unit's code
named as (
    select
        *,
        regexp_replace(
            regexp_replace({{ squeeze('unit_text') }}, '[(（]汇总[)）]', ''), '^[\[［]?[0-9]+[\]］]?[-_]?|[(（](?:盖章|公章)[)）]$', '', 'g'
        ) as named_unit
    from form
),

counted as (
    select
        *,
        {{ fold_width('named_unit') }} as unit_key,
        count(distinct {{ fold_width('named_unit') }}) over (partition by document_id, source, kind, scope) as named_units
    from named
),

keyed as (
    select
        counted.document_id,
        counted.performance_no,
        counted.statement_code,
        counted.source,
        counted.kind as form,
        counted.scope,
        counted.project_no,
        counted.project_name,
        counted.total_weight,
        counted.total_score,
        document.fiscal_year,
        case counted.kind when 'target' then 'budget' else 'final' end as stage,
        -- null for the publisher's own form, and where one unit only is named; a list of projects names each of its units
        case
            when counted.named_units = 1 then null
            when counted.scope = 'unit' and counted.unit_key = {{ squeeze(fold_width('document.unit_name')) }} then null
            else counted.named_unit
        end as budget_unit_name
    from counted
    inner join document
        on counted.document_id = document.document_id
)

select *
from keyed
qualify row_number() over (
    partition by document_id, source, statement_code, form, scope, project_no, budget_unit_name order by performance_no
) = 1
