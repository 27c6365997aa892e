-- One row per figure that a sentence prints: its signed value, in yuan where it is money, and whether it is read.
with claim as (
    select * from {{ ref('stg_disclosure__claim') }}
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

metric as (
    select * from {{ ref('metric') }}
),

measured as (
    select
        claim.*,
        document.stage,
        document.fiscal_year,
        metric.unit as metric_unit,
        case
            when claim.unit_text in ('万', '亿') then claim.unit_text || '元'
            else coalesce({{ unit_name('claim.unit_text') }}, claim.unit_text)
        end as reported_unit,
        case
            when claim.unit_text in ('万', '亿') or {{ unit_name('claim.unit_text') }} is not null then 'money'
            when claim.unit_text in ('%', '个百分点', '百分点') then 'percent'
            else 'count'
        end as unit_kind,
        case
            when claim.fact = 'metric' then case when metric.unit = 'yuan' then 'money' else 'count' end
            when claim.fact = 'ratio' or claim.amount_column = 'execution_rate' then 'percent'
            when claim.fact != 'part' then 'money'
        end as due_unit_kind,
        case
            when claim.direction = -1 then -abs(claim.printed_value)
            else claim.printed_value
        end as reported_value
    from claim
    inner join document
        on claim.document_id = document.document_id
    left join metric
        on (claim.fact in ('metric', 'part') or claim.subject_type = 'metric') and claim.subject_code = metric.metric_code
),

-- what the grammar read, but what has no place in a fact, is not read
meaning_checked as (
    select
        *,
        case
            when status != 'read' then reason_code
            when reported_value is null then 'not_a_number'
            when 'metric' in (fact, subject_type) and metric_unit is null then 'unknown_metric'
            when metric_unit is null and statement_code is null then 'no_statement'
            when due_unit_kind != unit_kind then 'unit_does_not_fit'
            when coalesce(basis, stage) is null then 'no_stage'
        end as open_reason,
        -- a figure is as fine as the finest figure of its unit in the section: a trimmed 7.8 beside 57.43 is 7.80
        max(reported_decimals) over (partition by document_id, section_no, reported_unit) as section_decimals
    from measured
)

select
    * exclude (status, reason_code, open_reason, basis, printed_value, due_unit_kind),
    case when status = 'read' and open_reason is not null then 'unread' else status end as status,
    open_reason as reason_code,
    coalesce(basis, case stage when 'budget' then 'initial_budget' else stage end) as basis,
    case when unit_kind = 'money' then {{ to_yuan('reported_value', 'reported_unit') }} end as amount_yuan,
    case
        when unit_kind = 'money' and reported_value is not null
            then {{ half_width_yuan('section_decimals', 'reported_unit') }}
    end as half_width_yuan
from meaning_checked
