-- One row per single figure of the text or of a form's own column, once for each key and value; another value is occurrence 2, 3 …
with claim as (
    select *
    from {{ ref('int_claim__code_resolved') }}
    where
        fact = 'metric'
        or (fact = 'part' and metric_unit is not null and (unit_kind != 'money' or subject_code = 'vehicle_value'))
),

cell as (
    select * from {{ ref('int_form_cell__amount_normalised') }}
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

metric as (
    select * from {{ ref('metric') }}
),

-- the totals of a procurement form and of its categories
procurement as (
    select
        *,
        'procurement_' || case when level = 'category' then category else coalesce(set_aside, 'total') end as metric_code
    from {{ ref('int_procurement__line_numbered') }}
    where
        statement_code = 'procurement' and is_whole and budget_unit_name is null and project_name is null and function_code is null
        and (level = 'total' or level = 'category' and category is not null and item_name is null and set_aside is null)
),

stated as (
    select
        claim.document_id,
        claim.stage,
        claim.fiscal_year,
        claim.statement_code,
        'narrative' as source,
        claim.subject_code as metric_code,
        coalesce(claim.detail, claim.part_name) as detail,
        claim.said_fund_code as fund_code,
        claim.basis,
        claim.comparison_base,
        cast(
            coalesce(claim.amount_yuan, claim.reported_value * case when starts_with(claim.unit_text, '万') then 10000 else 1 end)
            as decimal(20, 4)
        ) as value,
        claim.metric_unit as unit,
        claim.reported_value,
        claim.reported_unit,
        claim.reported_decimals,
        claim.half_width_yuan,
        claim.claim_no as print_order,
        claim.page_no,
        claim.source_ref
    from claim
    union all by name
    select
        cell.document_id,
        document.stage,
        document.fiscal_year,
        metric.statement_code,
        'table' as source,
        metric.metric_code,
        cast(null as varchar) as detail,
        cast(null as varchar) as fund_code,
        case
            when cell.basis_word = 'budget' or (cell.basis_word is null and document.stage = 'budget') then 'initial_budget'
            else coalesce(cell.basis_word, document.stage)
        end as basis,
        cast(null as varchar) as comparison_base,
        cast(cell.amount_yuan as decimal(20, 4)) as value,
        metric.unit,
        cell.reported_value,
        cell.reported_unit,
        cell.reported_decimals,
        cell.half_width_yuan,
        cell.form_no * 1000000 + cell.row_no * 1000 + cell.col_no as print_order,
        cell.page_no,
        cell.source_ref
    from cell
    inner join metric
        on cell.item_word = metric.metric_code and metric.unit = 'yuan'
    inner join document
        on cell.document_id = document.document_id
    where cell.problem is null and cell.amount_yuan is not null and document.stage is not null
    union all by name
    select
        procurement.document_id,
        procurement.stage,
        procurement.fiscal_year,
        metric.statement_code,
        'table' as source,
        metric.metric_code,
        procurement.basis,
        cast(procurement.amount_yuan as decimal(20, 4)) as value,
        metric.unit,
        procurement.reported_value,
        procurement.reported_unit,
        procurement.reported_decimals,
        procurement.half_width_yuan,
        procurement.form_no * 1000000 + procurement.row_no * 1000 + procurement.col_no as print_order,
        procurement.page_no,
        procurement.source_ref
    from procurement
    inner join metric
        on procurement.metric_code = metric.metric_code
),

first_printed as (
    select *
    from stated
    qualify row_number() over (
        partition by document_id, source, statement_code, metric_code, detail, fund_code, basis, value
        order by print_order
    ) = 1
)

select
    * exclude (print_order),
    cast(row_number() over (
        partition by document_id, source, statement_code, metric_code, detail, fund_code, basis
        order by print_order
    ) as integer) as occurrence
from first_printed
