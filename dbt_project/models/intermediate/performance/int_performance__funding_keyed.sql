-- One row per fund line of a performance form, in yuan, once for each key and value.
with printed_funding as (
    select * from {{ ref('stg_disclosure__performance_funding') }}
),

-- money in the form's own targets: each, and their sum for each unit
target as (
    select
        indicator.document_id,
        indicator.performance_no,
        indicator.target_unit as unit,
        indicator.target_value as amount
    from {{ ref('int_performance__indicator_parsed') }} as indicator
    semi join {{ ref('money_unit') }} as money_unit
        on indicator.target_unit = money_unit.unit
    where indicator.target_value != 0
),

targeted as (
    select * from target
    union
    select
        document_id,
        performance_no,
        unit,
        sum(amount) as amount
    from target
    group by document_id, performance_no, unit
),

-- a form without a unit: that in which its targets print its total
unit_inferred as (
    select
        printed_funding.document_id,
        printed_funding.performance_no,
        min(targeted.unit) as unit
    from printed_funding
    inner join targeted
        on
            printed_funding.document_id = targeted.document_id
            and printed_funding.performance_no = targeted.performance_no
            and targeted.amount in (printed_funding.initial_value, printed_funding.adjusted_value, printed_funding.executed_value)
    where printed_funding.fund_line = 'total' and printed_funding.reported_unit is null
    group by printed_funding.document_id, printed_funding.performance_no
    having count(distinct targeted.unit) = 1
),

funding as (
    select
        printed_funding.* exclude (reported_unit),
        coalesce(printed_funding.reported_unit, unit_inferred.unit) as reported_unit
    from printed_funding
    left join unit_inferred
        on
            printed_funding.document_id = unit_inferred.document_id
            and printed_funding.performance_no = unit_inferred.performance_no
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
        row_number()
            over (partition by document_id, statement_code, form, scope, project_no, budget_unit_name, fund_line order by performance_no, line_no)
        as integer
    ) as occurrence
from first_printed
