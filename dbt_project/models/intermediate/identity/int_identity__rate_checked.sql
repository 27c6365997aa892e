-- One row per percentage that the prose prints, compared with the figures that it follows from.
{% set of_nothing = "'rate_of_nothing', 'zero_of_nothing', 'zero_base_convention'" -%}
{% set broken = of_nothing ~ ", 'opposite_direction'" -%}
with pair as (
    select * from {{ ref('int_rate__pair_found') }}
),

subject as (
    select * from {{ ref('int_subject__named') }}
),

-- the pair that fits, else the nearest that can be divided, else the nearest
best_pair as (
    select
        *,
        abs(reported_pct - cast(expected_pct as decimal(28, 4))) <= tolerance as is_fit,
        min(distance) over (partition by document_id, claim_no) as nearest_distance
    from pair
    qualify row_number() over (
        partition by document_id, claim_no
        order by
            not coalesce(abs(reported_pct - cast(expected_pct as decimal(28, 4))) <= tolerance, false),
            distance,
            is_zero_base,
            abs(reported_pct - expected_pct),
            first_ref,
            second_ref,
            shape
    ) = 1
),

-- the pairs of the sentence's other subjects: a rate that fits one of these may be ours to set right
fits_neighbour as (
    select distinct
        rate.document_id,
        rate.claim_no
    from best_pair as rate
    inner join pair as other
        on
            rate.document_id = other.document_id
            and rate.source_ref = other.source_ref
            and rate.claim_no != other.claim_no
            and rate.ratio = other.ratio
    where abs(rate.reported_pct - cast(other.expected_pct as decimal(28, 4))) <= other.tolerance
),

previous as (
    select
        document_id,
        claim_no,
        lag(reported_pct) over in_print as previous_pct,
        lag(label) over in_print as previous_label
    from best_pair
    window in_print as (partition by document_id, statement_code, ratio order by claim_no)
),

outcome_found as (
    select
        rate.*,
        previous.previous_label,
        previous.previous_pct = rate.reported_pct and rate.reported_pct not in (0, 100) as is_previous_rate,
        case
            when rate.first_ref is null then 'term_missing'
            when rate.is_fit then null
            when
                rate.ratio in ('change_rate', 'budget_variance_rate')
                and abs(-rate.reported_pct - cast(rate.expected_pct as decimal(28, 4))) <= rate.tolerance
                then 'opposite_direction'
            when rate.is_zero_base and rate.budget_named is not null and rate.ratio = 'execution_rate' and rate.reported_pct != 0
                then 'rate_of_nothing'
            when
                rate.is_zero_base and rate.ratio in ('change_rate', 'budget_variance_rate')
                and abs(rate.numerator) > rate.numerator_half_width
                and rate.reported_pct in (0, 100)
                then 'zero_base_convention'
            when rate.is_zero_base and rate.ratio = 'execution_rate' and rate.reported_pct = 0 then 'zero_of_nothing'
            when rate.is_zero_base then 'zero_base'
            when rate.nearest_distance > 4 then 'other_scope'
            when neighbour.claim_no is not null then 'fits_neighbour'
        end as outcome
    from best_pair as rate
    left join previous using (document_id, claim_no)
    left join fits_neighbour as neighbour using (document_id, claim_no)
),

identified as (
    select
        *,
        case
            when outcome in ('rate_of_nothing', 'zero_of_nothing', 'opposite_direction') then outcome
            when outcome = 'zero_base_convention' then 'zero_base'
            else ratio
        end as rule,
        row_number() over (
            partition by document_id, statement_code, fund_code, subject_row, subject_column, ratio
            order by claim_no
        ) as printing
    from outcome_found
),

kind (rule, identity_id, name_zh, name_en) as (
    values
    ('share', 'RATE-001', '占比', 'share'),
    ('change_rate', 'RATE-002', '增减率', 'rate of change'),
    ('budget_variance_rate', 'RATE-003', '预决算差异率', 'rate of variance from the budget'),
    ('execution_rate', 'RATE-004', '完成率', 'rate of execution'),
    ('adjustment_rate', 'RATE-005', '预算调整率', 'rate of adjustment'),
    ('zero_base', 'RATE-006', '增减率', 'rate of change'),
    ('rate_of_nothing', 'RATE-007', '完成率', 'rate of execution'),
    ('zero_of_nothing', 'RATE-008', '完成率', 'rate of execution'),
    ('opposite_direction', 'DIRECTION-003', '增减率', 'rate of change')
),

named as (
    select
        identified.*,
        kind.identity_id,
        kind.name_zh as kind_zh,
        kind.name_en as kind_en,
        form.name_zh as form_zh,
        form.name_en as form_en,
        coalesce(
            subject.name_zh,
            concat_ws(' ', case when not starts_with(subject_row, 'name:') then subject_row end, {{ bare_name('identified.label') }})
        ) as subject_zh,
        coalesce(
            subject.name_en,
            concat_ws(' ', case when not starts_with(subject_row, 'name:') then subject_row end, {{ bare_name('identified.label') }})
        ) as subject_en,
        {{ number_text('identified.reported_pct', 'identified.reported_decimals') }} || '%' as printed_rate,
        {{ number_text('round(identified.expected_pct, 2)', '2') }} || '%' as expected_rate,
        case when first_unit is null then '' else {{ number_text('first_value', 'first_decimals', true) }} || first_unit end as first_zh,
        case when second_unit is null then '' else {{ number_text('second_value', 'second_decimals', true) }} || second_unit end as second_zh,
        case when first_unit is null then '' else {{ number_text('first_value', 'first_decimals', true) }} || {{ unit_in_english('first_unit') }} end
            as first_en,
        case
            when second_unit is null then ''
            else {{ number_text('second_value', 'second_decimals', true) }} || {{ unit_in_english('second_unit') }}
        end as second_en
    from identified
    inner join kind using (rule)
    left join {{ ref('forms') }} as form using (statement_code)
    left join subject
        on
            identified.subject_fact = subject.fact
            and identified.subject_row = subject.row_key
            and identified.subject_column = subject.column_key
),

-- documents in which no such rate rests on nothing, though they print rates of the kind
examined as (
    select distinct
        document_id,
        unnest(case ratio
            when 'change_rate' then ['RATE-006', 'DIRECTION-003']
            when 'execution_rate' then ['RATE-007', 'RATE-008']
        end) as identity_id
    from best_pair
    where ratio in ('change_rate', 'execution_rate') and first_ref is not null
),

formula_added as (
    select
        *,
        case shape
            when 'part' then first_zh || ' ÷ ' || second_zh
            when 'growth' then '（' || first_zh || ' − ' || second_zh || '）÷ ' || second_zh
            else first_zh || ' ÷（' || second_zh || case when first_value < 0 then ' + ' else ' − ' end || ltrim(first_zh, '-') || '）'
        end as formula_zh,
        case shape
            when 'part' then first_en || ' / ' || second_en
            when 'growth' then '(' || first_en || ' - ' || second_en || ') / ' || second_en
            else first_en || ' / (' || second_en || case when first_value < 0 then ' + ' else ' - ' end || ltrim(first_en, '-') || ')'
        end as formula_en,
        case ratio when 'change_rate' then '（上年）' else '（预算）' end as base_zh,
        case ratio when 'change_rate' then ' (prior year)' else ' (budget)' end as base_en,
        case budget_named when 'initial_budget' then '年初预算' when 'adjusted_budget' then '全年预算' else '预算' end as budget_zh,
        case budget_named when 'initial_budget' then 'initial budget' when 'adjusted_budget' then 'adjusted budget' else 'budget' end
            as budget_en
    from named
),

rate_compared as (
    select
        document_id,
        identity_id,
        concat_ws(
            '/', statement_code, fund_code, subject_row, subject_column, ratio,
            case when printing > 1 then printing end
        ) as place,
        case when outcome not in ({{ broken }}) then outcome end as reason_code,
        reported_pct as lhs,
        case when outcome in ({{ of_nothing }}) then 0 else expected_pct end as rhs,
        case
            -- 0% of nothing differs from what nothing gives, which is no number
            when outcome in ({{ of_nothing }}) then cast(greatest(abs(reported_pct), 1) as decimal(28, 4))
            else cast(reported_pct as decimal(28, 4)) - cast(expected_pct as decimal(28, 4))
        end as difference,
        case when outcome is null then tolerance else 0 end as tolerance,
        source_ref as lhs_ref,
        nullif(concat_ws(' ', first_ref, nullif(second_ref, first_ref)), '') as rhs_ref,
        page_no,
        statement_code,
        fund_code,
        subject_row as row_key,
        subject_column as column_key,
        basis,
        case when is_previous_rate then 'copied' else '' end as variant,
        {{ arguments(
            form=['form_zh', 'form_en'], subject=['subject_zh', 'subject_en'], kind=['kind_zh', 'kind_en'], printed='printed_rate',
            budget=['budget_zh', 'budget_en'], base=['base_zh', 'base_en'], whole=['second_zh', 'second_en'], part=['first_zh', 'first_en'],
            formula=['formula_zh', 'formula_en'], expected='expected_rate', previous='previous_label'
        ) }} as arguments,
        printed_rate as lhs_terms,
        formula_zh || coalesce(' = ' || expected_rate, '') as rhs_terms
    from formula_added
)

select
    'pct' as value_unit,
    *
from rate_compared
union all by name
select
    'pct' as value_unit,
    document_id,
    identity_id,
    '-' as place,
    0 as difference,
    0 as tolerance
from examined
anti join rate_compared using (document_id, identity_id)
