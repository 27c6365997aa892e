-- One row per rule and performance form, fund line or indicator that prints what the rule compares.
with form as (
    select * from {{ ref('stg_disclosure__performance_form') }}
),

funding as (
    select * from {{ ref('int_performance__funding_keyed') }}
),

indicator as (
    select * from {{ ref('int_performance__indicator_parsed') }}
),

expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__performance_checked'
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
        '指标“' || indicator_name || '”目标 ' || target_text || '，实际 ' || actual_text || '，完成率印为 '
        || {{ number_text('completion_rate_pct', '0') }} || '%，应为 ' || {{ number_text('round(reached_pct, 2)', '2') }} || '%。' as message_zh,
        'Indicator "' || indicator_name || '": target ' || target_text || ', actual ' || actual_text || ', printed completion rate '
        || {{ number_text('completion_rate_pct', '0') }} || '%, but it is ' || {{ number_text('round(reached_pct, 2)', '2') }} || '%.' as message_en
    from measured
    where completion_rate_pct is not null
),

scored as (
    select
        document_id,
        performance_no,
        statement_code,
        source_ref,
        page_no,
        weight,
        score,
        concat_ws('/', performance_no, indicator_no) as place,
        '指标“' || indicator_name || '”权重' as subject_zh,
        'Indicator "' || indicator_name || '"' as subject_en
    from indicator
    union all by name
    select
        document_id,
        performance_no,
        statement_code,
        source_ref,
        page_no,
        weight,
        score,
        concat_ws('/', performance_no, 'funding', line_no) as place,
        '预算执行分值' as subject_zh,
        'Execution of the budget' as subject_en
    from funding
),

within_weight as (
    select
        document_id,
        'PERF-002' as identity_id,
        performance_no,
        place,
        statement_code,
        'points' as value_unit,
        cast(null as varchar) as reason_code,
        score as lhs,
        least(score, weight) as rhs,
        cast(0 as decimal(28, 8)) as tolerance,
        source_ref,
        page_no,
        subject_zh || ' ' || {{ number_text('weight', '0') }} || '，得分印为 ' || {{ number_text('score', '0') }} || '，高于前者。' as message_zh,
        subject_en || ' has the weight ' || {{ number_text('weight', '0') }} || ' and the score ' || {{ number_text('score', '0') }}
        || ', which is more.' as message_en
    from scored
    where
        weight is not null
        and score is not null
),

funded as (
    select
        document_id,
        performance_no,
        max(weight) as weight,
        max(score) as score,
        first(source_ref order by coalesce(score, weight) desc nulls last, source_ref) as source_ref
    from funding
    group by
        document_id,
        performance_no
),

summed as (
    select
        form.document_id,
        form.performance_no,
        form.statement_code,
        form.project_name,
        form.title,
        form.problem,
        form.total_weight,
        form.total_score,
        coalesce(min(funded.source_ref), arg_min(indicator.source_ref, indicator.indicator_no)) as source_ref,
        form.page_no,
        min(funded.weight) as execution_weight,
        min(funded.score) as execution_score,
        sum(indicator.weight) as weight_sum,
        sum(indicator.score) as score_sum,
        count(*) as indicator_count,
        count(indicator.weight) as weighted_count,
        count(indicator.score) as scored_count
    from form
    inner join indicator using (document_id, performance_no)
    left join funded using (document_id, performance_no)
    group by all
),

added as (
    select
        document_id,
        'PERF-003' as identity_id,
        performance_no,
        cast(performance_no as varchar) as place,
        statement_code,
        'points' as value_unit,
        case
            when problem is not null then 'form_partial'
            when weighted_count < indicator_count then 'term_missing'
        end as reason_code,
        weight_sum + coalesce(execution_weight, 0) as lhs,
        case when execution_weight is null and abs(weight_sum - 90) < abs(weight_sum - 100) then 90 else 100 end as rhs,
        cast(0 as decimal(28, 8)) as tolerance,
        source_ref,
        page_no,
        coalesce('“' || project_name || '”', '绩效表') || '各项指标权重之和为 ' || {{ number_text('weight_sum', '0') }}
        || coalesce('，预算执行 ' || {{ number_text('execution_weight', '0') }}, '')
        || case rhs when 90 then '，应共为 90（预算执行的 10 分另计）。' else '，应共为 100。' end as message_zh,
        'The weights of ' || coalesce('"' || project_name || '"', 'the performance form') || ' add up to '
        || {{ number_text('weight_sum', '0') }} || coalesce(', with ' || {{ number_text('execution_weight', '0') }} || ' for execution', '')
        || case rhs when 90 then ', not to 90 (the 10 of execution stand apart).' else ', not to 100.' end as message_en
    from summed
    where weighted_count > 0
    union all by name
    select
        document_id,
        'PERF-004' as identity_id,
        performance_no,
        cast(performance_no as varchar) as place,
        statement_code,
        'points' as value_unit,
        case
            when problem is not null then 'form_partial'
            when scored_count < indicator_count then 'term_missing'
        end as reason_code,
        total_score as lhs,
        score_sum + coalesce(execution_score, 0) as rhs,
        cast(0.005 * (indicator_count + 1) as decimal(28, 8)) as tolerance,
        source_ref,
        page_no,
        coalesce('“' || project_name || '”', '绩效表') || '总分印为 ' || {{ number_text('total_score', '0') }} || '，各项得分之和为 '
        || {{ number_text('score_sum + coalesce(execution_score, 0)', '0') }} || '。' as message_zh,
        'The total score of ' || coalesce('"' || project_name || '"', 'the performance form') || ' is printed as '
        || {{ number_text('total_score', '0') }} || ', its scores add up to ' || {{ number_text('score_sum + coalesce(execution_score, 0)', '0') }}
        || '.' as message_en
    from summed
    where total_score is not null
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
        coalesce('“' || project_name || '”', '绩效表') || '预算执行率印为 ' || {{ number_text('execution_rate_pct', '0') }} || '%，执行数 '
        || {{ number_text('executed_yuan', '2', true) }} || ' 元 ÷ 预算数 ' || {{ number_text('base_yuan', '2', true) }} || ' 元 = '
        || {{ number_text('round(executed_pct, 2)', '2') }} || '%。' as message_zh,
        'The execution rate of ' || coalesce('"' || project_name || '"', 'the performance form') || ' is printed as '
        || {{ number_text('execution_rate_pct', '0') }} || '%, but ' || {{ number_text('executed_yuan', '2', true) }} || ' / '
        || {{ number_text('base_yuan', '2', true) }} || ' yuan is ' || {{ number_text('round(executed_pct, 2)', '2') }} || '%.' as message_en
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
        '指标“' || indicator_name || '”目标 ' || target_text || '，实际 ' || actual_text || '，未达到目标，得分却为满分 '
        || {{ number_text('score', '0') }} || '。' as message_zh,
        'Indicator "' || indicator_name || '": target ' || target_text || ', actual ' || actual_text
        || ' does not reach it, yet the score is the full ' || {{ number_text('score', '0') }} || '.' as message_en
    from measured
    where
        score = weight
        and weight > 0
        and target_value is not null
        -- what a project may cost is a bound from above
        and not regexp_matches(concat_ws(' ', level1_name, level2_name, indicator_name), '成本|经费|投资|费用')
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
        coalesce('“' || project_name || '”', '绩效表') || '预算执行分值 ' || {{ number_text('weight', '0') }} || '，执行率 '
        || {{ number_text('execution_rate_pct', '0') }} || '%，得分印为 ' || {{ number_text('score', '0') }} || '。' as message_zh,
        'Execution of ' || coalesce('"' || project_name || '"', 'the performance form') || ' has the weight ' || {{ number_text('weight', '0') }}
        || ' and the rate ' || {{ number_text('execution_rate_pct', '0') }} || '%, but the score ' || {{ number_text('score', '0') }}
        || '.' as message_en
    from funding
    where
        form = 'self_evaluation'
        and weight > 0
        and score is not null
),

candidate as (
    select * from completion
    union all by name
    select * from within_weight
    union all by name
    select * from added
    union all by name
    select * from execution
    union all by name
    select * from full_score
    union all by name
    select * from execution_score
)

select
    md5(concat_ws('|', expected.document_id, expected.identity_id, candidate.place)) as check_key,
    expected.document_id,
    expected.identity_id,
    coalesce(candidate.place, '-') as scope,
    coalesce(candidate.value_unit, 'points') as value_unit,
    case
        when candidate.document_id is null then 'not_applicable'
        when candidate.reason_code is not null then 'not_evaluable'
        when abs(candidate.lhs - candidate.rhs) <= candidate.tolerance then 'pass'
        else 'fail'
    end as status,
    case when candidate.document_id is null then 'not_printed' else candidate.reason_code end as reason_code,
    cast(candidate.lhs as decimal(28, 4)) as lhs,
    cast(candidate.rhs as decimal(28, 4)) as rhs,
    cast(candidate.lhs - candidate.rhs as decimal(28, 4)) as difference,
    cast(candidate.tolerance as decimal(28, 8)) as tolerance,
    candidate.source_ref as lhs_ref,
    cast(null as varchar) as rhs_ref,
    candidate.page_no,
    candidate.statement_code,
    cast(null as varchar) as fund_code,
    cast(null as varchar) as row_key,
    cast(null as varchar) as column_key,
    cast(null as varchar) as basis,
    candidate.message_zh,
    candidate.message_en,
    cast(null as varchar) as lhs_terms,
    cast(null as varchar) as rhs_terms
from expected
left join candidate using (document_id, identity_id)
