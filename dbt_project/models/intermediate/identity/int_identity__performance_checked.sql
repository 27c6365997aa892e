-- One row per rule and performance form, fund line or indicator that prints what the rule compares.
{% set kind_length = 4 -%}
{% set least_of_a_kind = 3 -%}
with funding as (
    select * from {{ ref('int_performance__funding_keyed') }}
),

indicator as (
    select * from {{ ref('int_performance__indicator_parsed') }}
),

-- target and actual value in one unit
measured as (
    select
        *,
        case
            when
                target_value > 0
                and actual_value is not null
                and coalesce(target_unit, actual_unit, '') = coalesce(actual_unit, target_unit, '')
                then cast(actual_value * 100 / target_value as decimal(28, 4))
        end as reached_pct,
        coalesce(target_operator, '=') in ('=', '>=', '>') as is_more_better,
        case coalesce(target_operator, '=')
            when '>=' then actual_value >= target_value
            when '>' then actual_value > target_value
            when '<=' then actual_value <= target_value
            when '<' then actual_value < target_value
            else actual_value >= target_value
        end as is_met
    from indicator
    where form = 'self_evaluation'
),

completion as (
    select
        document_id,
        'PERF-001' as identity_id,
        performance_no,
        concat_ws('/', performance_no, indicator_no) as place,
        statement_code,
        'pct' as value_unit,
        case when reached_pct is null then 'term_missing' when not is_more_better then 'ambiguous' end as reason_code,
        completion_rate_pct as lhs,
        case when reached_pct > 100 and completion_rate_pct between 100 and reached_pct then completion_rate_pct else reached_pct end as rhs,
        {{ half_width_shown('completion_rate_pct') }} as tolerance,
        source_ref,
        page_no,
        {{ arguments(
            indicator='indicator_name', target='target_text', actual='actual_text', printed=number_text('completion_rate_pct', '0'),
            reached=number_text('round(reached_pct, 2)', '2')
        ) }} as arguments
    from measured
    where completion_rate_pct is not null
),

executed as (
    select
        *,
        coalesce(adjusted_budget_yuan, initial_budget_yuan) as base_yuan,
        case
            when executed_yuan is not null and coalesce(adjusted_budget_yuan, initial_budget_yuan) > 0
                then cast(executed_yuan * 100 / coalesce(adjusted_budget_yuan, initial_budget_yuan) as decimal(28, 4))
        end as executed_pct
    from funding
    where form = 'self_evaluation'
),

execution as (
    select
        document_id,
        'PERF-005' as identity_id,
        performance_no,
        concat_ws('/', performance_no, line_no) as place,
        statement_code,
        'pct' as value_unit,
        case when coalesce(base_yuan, 1) = 0 then 'zero_base' when executed_pct is null then 'term_missing' end as reason_code,
        execution_rate_pct as lhs,
        executed_pct as rhs,
        {{ half_width_shown('execution_rate_pct') }} + coalesce(
            cast(
                100 * {{ half_width_yuan('reported_decimals', 'reported_unit') }} * (1 + executed_pct / 100) / nullif(base_yuan, 0)
                as decimal(28, 8)
            ), 0
        ) as tolerance,
        source_ref,
        page_no,
        {{ arguments(
            project=["coalesce('“' || project_name || '”', '绩效表')", "coalesce('\"' || project_name || '\"', 'the performance form')"],
            printed=number_text('execution_rate_pct', '0'), executed=number_text('executed_yuan', '2', true), budget=number_text('base_yuan', '2', true),
            rate=number_text('round(executed_pct, 2)', '2')
        ) }} as arguments
    from executed
    where execution_rate_pct is not null
),

full_score as (
    select
        document_id,
        'PERF-006' as identity_id,
        performance_no,
        concat_ws('/', performance_no, indicator_no) as place,
        statement_code,
        'pct' as value_unit,
        case when reached_pct is null then 'term_missing' end as reason_code,
        case when is_met then reached_pct else 100 end as lhs,
        reached_pct as rhs,
        cast(0 as decimal(28, 8)) as tolerance,
        source_ref,
        page_no,
        {{ arguments(indicator='indicator_name', target='target_text', actual='actual_text', score=number_text('score', '0')) }} as arguments
    from measured
    where
        score = weight
        and weight > 0
        and target_value is not null
        -- what a project may cost is a bound from above
        and not regexp_matches(concat_ws(' ', level1_name, level2_name, indicator_name), '成本|经费|投资|费用')
),

short_score as (
    select
        document_id,
        'PERF-010' as identity_id,
        performance_no,
        concat_ws('/', performance_no, indicator_no) as place,
        statement_code,
        'points' as value_unit,
        case when reached_pct is null then 'term_missing' end as reason_code,
        case when regexp_matches(coalesce(deviation_reason, ''), '[^无。.，,、/—-]') then weight else least(score, weight) end as lhs,
        weight as rhs,
        cast(0 as decimal(28, 8)) as tolerance,
        source_ref,
        page_no,
        {{ arguments(
            indicator='indicator_name', target='target_text', actual='actual_text', score=number_text('score', '0'), weight=number_text('weight', '0')
        ) }} as arguments
    from measured
    where
        score is not null
        and coalesce(is_met, true)
        and weight > 0
        and target_value is not null
        -- an actual value that is itself a bound says too little
        and not regexp_matches(coalesce(actual_text, ''), '[<＜小低不]')
),

-- a count is told by the last words of its name
counted_kind as (
    select
        *,
        right(indicator_name, {{ kind_length }}) as kind_name,
        coalesce(target_unit, '') in ('%', '％') as is_rate
    from indicator
    where
        source = 'table'
        and level2_name = '数量指标'
        and length(indicator_name) > {{ kind_length }}
        and target_unit is not null
),

kind_of_count as (
    select
        document_id,
        kind_name,
        count(*) filter (where is_rate) as rate_count,
        count(*) filter (where not is_rate) as other_count,
        count(distinct target_unit) filter (where not is_rate) as unit_count,
        min(target_unit) filter (where not is_rate) as unit
    from counted_kind
    group by
        document_id,
        kind_name
),

unit_of_kind as (
    select
        counted_kind.document_id,
        'UNIT-003' as identity_id,
        counted_kind.performance_no,
        concat_ws('/', counted_kind.performance_no, counted_kind.indicator_no) as place,
        counted_kind.statement_code,
        'count' as value_unit,
        cast(null as varchar) as reason_code,
        case when counted_kind.is_rate and kind.rate_count = 1 then 1 else 0 end as lhs,
        0 as rhs,
        cast(0 as decimal(28, 8)) as tolerance,
        counted_kind.source_ref,
        counted_kind.page_no,
        {{ arguments(
            indicator='counted_kind.indicator_name', target='counted_kind.target_text', others='kind.other_count', unit='kind.unit'
        ) }} as arguments
    from counted_kind
    inner join kind_of_count as kind using (document_id, kind_name)
    where
        kind.other_count >= {{ least_of_a_kind }}
        and kind.unit_count = 1
),

execution_score as (
    select
        document_id,
        'PERF-007' as identity_id,
        performance_no,
        concat_ws('/', performance_no, line_no) as place,
        statement_code,
        'points' as value_unit,
        case when execution_rate_pct is null then 'term_missing' end as reason_code,
        score as lhs,
        cast(weight * least(execution_rate_pct, 100) / 100 as decimal(28, 4)) as rhs,
        {{ half_width_shown('score') }}
        + coalesce(cast(weight / 100 * {{ half_width_shown('execution_rate_pct') }} as decimal(28, 8)), 0) as tolerance,
        source_ref,
        page_no,
        {{ arguments(
            project=["coalesce('“' || project_name || '”', '绩效表')", "coalesce('\"' || project_name || '\"', 'the performance form')"],
            weight=number_text('weight', '0'), rate=number_text('execution_rate_pct', '0'), score=number_text('score', '0')
        ) }} as arguments
    from funding
    where
        form = 'self_evaluation'
        and weight > 0
        and score is not null
)

select
    * exclude (performance_no, source_ref),
    source_ref as lhs_ref
from completion
union all by name
select
    * exclude (performance_no, source_ref),
    source_ref as lhs_ref
from execution
union all by name
select
    * exclude (performance_no, source_ref),
    source_ref as lhs_ref
from full_score
union all by name
select
    * exclude (performance_no, source_ref),
    source_ref as lhs_ref
from short_score
union all by name
select
    * exclude (performance_no, source_ref),
    source_ref as lhs_ref
from unit_of_kind
union all by name
select
    * exclude (performance_no, source_ref),
    source_ref as lhs_ref
from execution_score
