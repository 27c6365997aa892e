-- One row per figure that identities read and that is no line of a statutory form of money by row and column: single figures of the text,
-- projects and their allocations, weights, scores and funds of performance forms, economic items beside the three public expenses.
with metric_printed as (

    select *
    from {{ ref('int_metric__keyed') }}
    where
        detail is null
        and not starts_with(basis, 'change')
    qualify
        row_number() over (
            partition by document_id, metric_code, basis, fund_code order by source = 'narrative' desc, occurrence asc, source_ref asc
        ) = 1

),

metric as (

    select
        printed.document_id,
        printed.source,
        'metric' as fact,
        printed.statement_code,
        coalesce(printed.fund_code, '') as fund_code,
        printed.basis,
        printed.metric_code as row_key,
        cast(null as varchar) as parent_row_key,
        cast(null as varchar) as level,
        'value' as column_key,
        cast(printed.value as decimal(28, 4)) as amount,
        cast(coalesce(printed.half_width_yuan, 0) as decimal(28, 8)) as half_width,
        case when metric.unit = 'yuan' then 'yuan' else 'count' end as value_unit,
        metric.name_zh as label,
        printed.reported_unit,
        printed.reported_decimals,
        printed.source_ref,
        printed.page_no
    from metric_printed as printed
    inner join {{ ref('metric') }} as metric
        on printed.metric_code = metric.metric_code

),

claim_beside_metric as (

    select
        metric.* exclude (label, amount, half_width, reported_unit, reported_decimals, value_unit),
        claim.sentence,
        claim.reason_code,
        claim.printed_value,
        claim.unit_text,
        claim.reported_decimals
    from metric
    inner join {{ ref('stg_disclosure__claim') }} as claim using (document_id, source_ref)

),

-- what small and medium-sized enterprises won outside the procurement reserved for them is printed beside what they won within
won_elsewhere as (

    select
        * exclude (row_key, sentence, reason_code, printed_value, unit_text, reported_decimals),
        'procurement_sme_elsewhere' as row_key,
        cast(sum({{ to_yuan('printed_value', 'unit_text') }}) as decimal(28, 4)) as amount,
        cast(sum({{ half_width_yuan('reported_decimals', 'unit_text') }}) as decimal(28, 8)) as half_width,
        'yuan' as value_unit,
        '在预留份额以外由中小企业中标' as label,
        min(unit_text) as reported_unit,
        max(reported_decimals) as reported_decimals
    from claim_beside_metric
    where
        row_key = 'procurement_sme'
        and reason_code = 'other_procurement'
        and contains(sentence, '中小企业')
    group by all

),

-- documents whose text speaks of people who are of none of the kinds
other_staff as (

    select
        * exclude (row_key, sentence, reason_code, printed_value, unit_text, reported_decimals, source_ref, page_no),
        'staff_of_another_kind' as row_key,
        cast(1 as decimal(28, 4)) as amount,
        cast(0 as decimal(28, 8)) as half_width,
        'count' as value_unit,
        '其他人员' as label,
        '人' as reported_unit,
        0 as reported_decimals,
        min(source_ref) as source_ref,
        min(page_no) as page_no
    from claim_beside_metric
    where
        starts_with(row_key, 'staff_')
        and regexp_matches(sentence, '其他人员|其它人员|编外|聘|临时|派遣|遗属|借调|学生')
    group by all

),

-- economic items that are three public expenses too
economic_item as (

    select
        line.document_id,
        line.source,
        'economic_item' as fact,
        line.statement_code,
        line.fund_code,
        line.basis,
        item.item as row_key,
        cast(null as varchar) as parent_row_key,
        line.level,
        line.column_key,
        cast(line.amount_yuan as decimal(28, 4)) as amount,
        cast(line.half_width_yuan as decimal(28, 8)) as half_width,
        'yuan' as value_unit,
        line.row_key || ' ' || line.label as label,
        line.reported_unit,
        line.reported_decimals,
        line.source_ref,
        line.page_no
    from {{ ref('int_line__unified') }} as line
    inner join {{ ref('three_public_item') }} as item
        on line.row_key = item.economic_code
    where
        line.fact = 'economic'
        and line.occurrence = 1
        and line.amount_yuan is not null

),

project_cell as (

    select *
    from {{ ref('int_form_cell__code_resolved') }}
    where
        fact = 'project_budget'
        and column_key = 'total'
        and economic_code is null
        and part_word is null
        and line_code is null  -- neither a unit's nor a category's subtotal
        and amount_yuan is not null

),

project_total as (

    select *
    from project_cell
    where row_role = 'total'
    qualify row_number() over (partition by document_id, statement_code, fund_code, basis order by form_no, row_no) = 1

),

project_row as (

    select
        part.document_id,
        part.statement_code,
        part.fund_code,
        part.basis,
        'total/' || part.row_no as row_key,
        'total' as parent_row_key,
        part.project_name as label,
        part.amount_yuan,
        part.half_width_yuan,
        part.reported_unit,
        part.reported_decimals,
        part.source_ref,
        part.page_no
    from project_total as total
    inner join project_cell as part using (document_id, form_no, statement_code, fund_code, basis)
    where
        part.project_name is not null
        and part.row_role != 'total'
        -- a form that lost its header may have lost rows too
        and coalesce(total.header_path, '') != ''
    union all by name
    select
        document_id,
        statement_code,
        fund_code,
        basis,
        'total' as row_key,
        '合计' as label,
        amount_yuan,
        half_width_yuan,
        reported_unit,
        reported_decimals,
        source_ref,
        page_no
    from project_total

),

allocation_row as (

    select
        document_id,
        statement_code,
        fund_code,
        basis,
        project_name as row_key,
        cast(null as varchar) as parent_row_key,
        project_name as label,
        amount_yuan,
        half_width_yuan,
        reported_unit,
        reported_decimals,
        source_ref,
        page_no
    from {{ ref('int_project__keyed') }}
    where
        source = 'narrative'
        and allocation_name is null
        and project_name is not null
        and occurrence = 1
    qualify row_number() over (partition by document_id, statement_code, fund_code, basis, project_name order by source_ref) = 1
    union all by name
    select
        document_id,
        statement_code,
        fund_code,
        basis,
        concat_ws('/', project_name, part_no, source_ref) as row_key,
        project_name as parent_row_key,
        part_name as label,
        cast(value as decimal(20, 2)) as amount_yuan,
        half_width_yuan,
        reported_unit,
        reported_decimals,
        source_ref,
        page_no
    from {{ ref('int_stated_part__unified') }}
    where
        whole_code = 'project_budget'
        and value is not null
        and part_name not in ('合计', '小计', '总计', '共计')

),

project as (

    select
        * exclude (amount_yuan, half_width_yuan),
        'project' as fact,
        'total' as column_key,
        cast(null as varchar) as level,
        cast(amount_yuan as decimal(28, 4)) as amount,
        cast(half_width_yuan as decimal(28, 8)) as half_width,
        'yuan' as value_unit
    from (
        select
            *,
            'table' as source
        from project_row
        union all by name
        select
            *,
            'narrative' as source
        from allocation_row
    )

),

indicator as (

    select
        document_id,
        statement_code,
        performance_no,
        concat_ws('/', performance_no, indicator_no) as row_key,
        true as is_part_of_weight,
        true as is_part_of_score,
        indicator_name as label,
        weight,
        score,
        0.005 as score_half_width,
        source_ref,
        page_no
    from {{ ref('int_performance__indicator_parsed') }}

),

-- whether the points that a form prints as its total are those of its indicators alone; some print so the weights and not the scores
indicator_total as (

    select
        document_id,
        performance_no,
        form.total_weight is not null
        and form.total_weight = sum(indicator.weight)
        and coalesce(form.total_score, 0) <= sum(indicator.score) as is_whole,
        form.total_weight is not null and form.total_weight != sum(indicator.weight) as is_part
    from indicator
    inner join {{ ref('stg_disclosure__performance_form') }} as form using (document_id, performance_no)
    group by
        document_id,
        performance_no,
        form.total_weight,
        form.total_score

),

fund_line as (

    select
        funding.*,
        coalesce(total.is_whole, false) as is_apart,
        coalesce(total.is_part, false)
        and funding.form = 'self_evaluation'
        and count(coalesce(funding.weight, funding.score)) over (partition by document_id, performance_no) = 0 as is_missing
    from {{ ref('int_performance__funding_keyed') }} as funding
    left join indicator_total as total using (document_id, performance_no)

),

-- the line of the funds that has the weight of execution counts among the indicators, unless they are the total alone; its points are
-- missing where no line has any and the indicators are not the total
execution as (

    select
        document_id,
        statement_code,
        performance_no,
        concat_ws('/', performance_no, 'funding', line_no) as row_key,
        row_number() over (partition by document_id, performance_no order by weight desc nulls last, line_no asc) = 1
        and (weight is not null or is_missing) as is_part_of_weight,
        row_number() over (partition by document_id, performance_no order by score desc nulls last, line_no asc) = 1
        and (score is not null or is_missing)
        and not is_apart as is_part_of_score,
        '预算执行' as label,
        weight,
        score,
        0 as score_half_width,
        source_ref,
        page_no
    from fund_line
    where coalesce(weight, score) is not null or is_missing

),

-- where not even the lines of the funds were read
execution_unread as (

    select
        form.document_id,
        form.statement_code,
        form.performance_no,
        concat_ws('/', form.performance_no, 'funding') as row_key,
        false as is_part_of_weight,
        true as is_part_of_score,
        '预算执行' as label,
        form.page_no
    from {{ ref('stg_disclosure__performance_form') }} as form
    inner join indicator_total as total using (document_id, performance_no)
    anti join {{ ref('int_performance__funding_keyed') }} using (document_id, performance_no)
    where total.is_part

),

scored as (

    select * from indicator
    union all by name
    select * from execution
    union all by name
    select * from execution_unread

),

-- a form whose execution stands apart from its indicators gives them 90 points of the 100
full_weight as (

    select
        document_id,
        performance_no,
        case
            when
                bool_or(contains(row_key, '/funding/') and weight is not null)
                or abs(sum(weight) - 90) >= abs(sum(weight) - 100)
                then 100
            else 90
        end as amount
    from scored
    where is_part_of_weight
    group by
        document_id,
        performance_no
    having count(weight) > 0

),

performance_form as (

    select
        document_id,
        performance_no,
        statement_code,
        coalesce(project_name, title, '绩效表') as label,
        total_score,
        page_no
    from {{ ref('stg_disclosure__performance_form') }}
    where problem is null

),

point as (

    select
        document_id,
        statement_code,
        row_key,
        case when is_part_of_weight then cast(performance_no as varchar) end as parent_row_key,
        'weight' as column_key,
        'indicator' as level,
        label,
        cast(weight as decimal(28, 4)) as amount,
        0 as half_width,
        source_ref,
        page_no
    from scored
    union all by name
    select
        document_id,
        statement_code,
        row_key,
        case when is_part_of_score then cast(performance_no as varchar) end as parent_row_key,
        'score' as column_key,
        'indicator' as level,
        label,
        cast(score as decimal(28, 4)) as amount,
        score_half_width as half_width,
        source_ref,
        page_no
    from scored
    union all by name
    select
        form.document_id,
        form.statement_code,
        cast(form.performance_no as varchar) as row_key,
        'full_weight' as column_key,
        'form' as level,
        form.label,
        cast(full_weight.amount as decimal(28, 4)) as amount,
        0 as half_width,
        form.page_no
    from performance_form as form
    inner join full_weight using (document_id, performance_no)
    union all by name
    select
        document_id,
        statement_code,
        cast(performance_no as varchar) as row_key,
        'score' as column_key,
        'form' as level,
        label,
        cast(total_score as decimal(28, 4)) as amount,
        0.005 as half_width,
        page_no
    from performance_form
    where total_score is not null

),

-- a form may say its unit elsewhere than beside its funds
fund_unit as (

    select
        document_id,
        performance_no,
        min(reported_unit) as reported_unit
    from {{ ref('int_performance__funding_keyed') }}
    group by
        document_id,
        performance_no

),

-- the funds of a performance form: its subtotals where it prints several, else its sources
fund_printed as (

    select
        funding.document_id,
        form.statement_code,
        funding.performance_no,
        funding.line_no,
        coalesce(funding.fund_line, '') = 'total' as is_total,
        contains(funding.label, '小计') as is_subtotal,
        funding.fund_line is not null as is_known,
        case when coalesce(funding.fund_line, '') = 'total' then coalesce(form.project_name, form.title, '绩效表') else funding.label end as label,
        unnest(['initial_budget', 'adjusted_budget', 'final']) as basis,
        unnest([funding.initial_value, funding.adjusted_value, funding.executed_value]) as printed_value,
        fund_unit.reported_unit,
        funding.reported_decimals,
        funding.source_ref,
        funding.page_no
    from {{ ref('stg_disclosure__performance_funding') }} as funding
    inner join {{ ref('stg_disclosure__performance_form') }} as form using (document_id, performance_no)
    inner join fund_unit using (document_id, performance_no)
    -- the unit may be told by the form's own targets
    where coalesce(form.problem, 'unit_unknown') = 'unit_unknown'

),

fund_counted as (

    select
        *,
        count(*) filter (where is_total) over of_column as total_count,
        count(*) filter (where is_subtotal) over of_column as subtotal_count
    from fund_printed
    window of_column as (partition by document_id, performance_no, basis)

),

fund_of_form as (

    select
        *,
        count(printed_value) filter (where not is_total) over (partition by document_id, performance_no, basis) as part_count
    from fund_counted
    where
        total_count = 1
        and (is_total or case when subtotal_count > 1 then is_subtotal else is_known end)

),

performance_fund as (

    select
        document_id,
        statement_code,
        concat_ws('/', performance_no, case when not is_total then line_no end) as row_key,
        case when not is_total then cast(performance_no as varchar) end as parent_row_key,
        case when is_total then 'form' else 'part' end as level,
        label,
        basis,
        {{ to_yuan('printed_value', 'reported_unit') }} as amount,
        {{ half_width_yuan('reported_decimals', 'reported_unit') }} as half_width,
        reported_unit,
        reported_decimals,
        source_ref,
        page_no,
        'table' as source,
        'project_funding' as fact,
        'amount' as column_key,
        'yuan' as value_unit
    from fund_of_form
    where
        part_count > 1
        and printed_value is not null

),

performance as (

    select
        *,
        'table' as source,
        'performance' as fact,
        '' as fund_code,
        '' as basis,
        'points' as value_unit,
        '分' as reported_unit,
        0 as reported_decimals
    from point

),

united as (

    select * from metric
    union all by name
    select * from won_elsewhere
    union all by name
    select * from other_staff
    union all by name
    select * from economic_item
    union all by name
    select * from project
    union all by name
    select * from performance
    union all by name
    select * from performance_fund

)

select
    document_id,
    source,
    fact,
    statement_code,
    coalesce(fund_code, '') as fund_code,
    coalesce(basis, '') as basis,
    row_key,
    parent_row_key,
    level,
    column_key,
    cast(null as varchar) as parent_column_key,
    cast(amount as decimal(28, 4)) as amount,
    cast(half_width as decimal(28, 8)) as half_width,
    value_unit,
    label,
    reported_unit,
    reported_decimals,
    source_ref,
    page_no
from united
qualify row_number() over (
    partition by document_id, source, fact, statement_code, fund_code, basis, row_key, column_key
    order by source_ref
) = 1
