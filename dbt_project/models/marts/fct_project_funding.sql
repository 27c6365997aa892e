-- One row per fund line of a performance form, or of the text that repeats it.
with funding as (
    select
        *,
        'table' as source
    from {{ ref('int_performance__funding_keyed') }}
    union all by name
    select
        *,
        'narrative' as source
    from {{ ref('int_claim__funding_keyed') }}
),

document as (
    select * from {{ ref('int_document__published') }}
)

select
    funding.document_id,
    document.unit_id,
    funding.fiscal_year,
    funding.stage,
    funding.statement_code,
    funding.source,
    funding.form,
    funding.scope,
    funding.project_no,
    funding.project_name,
    funding.fund_line,
    funding.occurrence,
    funding.initial_budget_yuan,
    funding.adjusted_budget_yuan,
    funding.executed_yuan,
    funding.weight,
    funding.execution_rate_pct,
    funding.score,
    funding.total_weight,
    funding.total_score,
    funding.reported_unit,
    funding.page_no,
    funding.source_ref
from funding
inner join document
    on funding.document_id = document.document_id
