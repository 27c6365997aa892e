-- One row per broken check that is evaluated from terms.
{% set dimensions = scope_dimensions() -%}
with failed_check as (

    select
        equation.check_key,
        equation.difference,
        equation.tolerance,
        identity.relation,
        identity.title_zh,
        identity.title_en
    from {{ ref('int_identity__equation_checked') }} as equation
    inner join {{ ref('identities') }} as identity using (identity_id)
    where equation.status = 'fail'

),

term as (

    select
        term.*,
        form.name_zh as form_zh,
        form.name_en as form_en
    from {{ ref('int_identity__term') }} as term
    semi join failed_check using (check_key)
    left join {{ ref('forms') }} as form
        on term.read_statement_code = form.statement_code
    where term.stated_count > 0

),

term_line as (

    select
        term.check_key,
        term.side,
        term.term_number,
        term.pick,
        line.*
    from term
    inner join {{ ref('int_identity__rule') }} as rule using (identity_id, side, term_number)
    inner join {{ ref('int_identity__related_document') }} as related
        on
            term.document_id = related.document_id
            and term.document = related.relation
    inner join {{ ref('int_identity__line') }} as line
        on
            related.other_id = line.document_id
            and (term.choice = '' or term.choice = concat_ws(' ', line.document_id, line.source_ref, line.row_key, line.column_key))
            and {{ is_read_by_term('rule', 'line', dimensions) | indent(12) }}
            {%- for dimension in dimensions %}
            and (
                not rule.is_{{ dimension }}_in_key
                or term.{{ dimension }} = {{ compared_column(dimension, 'rule', 'line') }}
            )
            {%- endfor %}
    where line.amount is not null

),

column_word (column_key, name_zh, name_en) as (

    values
    ('personnel', '人员经费', 'personnel expenditure'),
    ('public', '公用经费', 'public (operating) expenditure'),
    ('weight', '权重', 'weight'),
    ('score', '得分', 'score'),
    ('full_weight', '满分', 'full points')

),

named_line as (

    select
        line.check_key,
        line.side,
        line.term_number,
        line.pick,
        line.row_key,
        line.column_key,
        line.reported_unit,
        line.reported_decimals,
        line.amount,
        {{ unit_in_english('line.reported_unit') }} as unit_en,
        case
            when line.fact = 'balance' then balance_item.name_zh
            when line.fact = 'three_public' then three_public_item.name_zh
            when line.row_key = 'total' then '合计'
            when line.fact in ('metric', 'project', 'project_funding', 'performance', 'economic_item') then line.label
            else concat_ws(' ', line.row_key, nullif({{ bare_name('line.label') }}, line.row_key))
        end as row_zh,
        case
            when line.fact = 'balance' then balance_item.name_en
            when line.fact = 'three_public' then three_public_item.name_en
            when line.row_key = 'total' then 'total'
            when line.fact = 'metric' then coalesce(metric.name_en, line.label)
            when line.fact in ('project', 'project_funding', 'performance', 'economic_item') then line.label
            else concat_ws(' ', line.row_key, nullif({{ bare_name('line.label') }}, line.row_key))
        end as row_en,
        case
            when line.column_key in ('total', 'amount', 'value') then null
            when line.fact = 'revenue' then revenue_source.name_zh
            else coalesce(measure.name_zh, column_word.name_zh)
        end as column_zh,
        case
            when line.column_key in ('total', 'amount', 'value') then null
            when line.fact = 'revenue' then revenue_source.name_en
            else coalesce(measure.name_en, column_word.name_en)
        end as column_en,
        case when line.fund_code <> form.widest_fund then fund.name_zh end as fund_zh,
        case when line.fund_code <> form.widest_fund then fund.name_en end as fund_en,
        case line.basis
            when 'adjusted_budget' then '全年预算数'
            when 'prior_year' then '上年数'
            when 'change_from_prior_year' then '比上年增减'
            when 'initial_budget' then case when line.fact in ('three_public', 'project_funding') then '预算数' end
            when 'final' then case line.fact when 'three_public' then '决算数' when 'project_funding' then '执行数' end
        end as basis_zh,
        case line.basis
            when 'adjusted_budget' then 'adjusted budget'
            when 'prior_year' then 'prior year'
            when 'change_from_prior_year' then 'change from prior year'
            when 'initial_budget' then case when line.fact in ('three_public', 'project_funding') then 'budget' end
            when 'final' then case line.fact when 'three_public' then 'final amount' when 'project_funding' then 'executed' end
        end as basis_en
    from term_line as line
    left join {{ ref('forms') }} as form
        on line.statement_code = form.statement_code
    left join {{ ref('fund') }} as fund
        on line.fund_code = fund.fund_code
    left join {{ ref('measure') }} as measure
        on line.column_key = measure.measure
    left join column_word
        on line.column_key = column_word.column_key
    left join {{ ref('metric') }} as metric
        on
            line.fact = 'metric'
            and line.row_key = metric.metric_code
    left join {{ ref('revenue_source') }} as revenue_source
        on line.column_key = revenue_source.revenue_source
    left join {{ ref('balance_item') }} as balance_item
        on line.row_key = balance_item.item
    left join {{ ref('three_public_item') }} as three_public_item
        on line.row_key = three_public_item.item

),

described_line as (

    select
        *,
        pick in ('row_children', 'column_children') as is_detail,
        concat_ws(' ', row_zh, column_zh, fund_zh, basis_zh) as place_zh,
        concat_ws(', ', row_en, column_en, fund_en, basis_en) as place_en,
        case when pick = 'column_children' then column_zh else row_zh end as detail_zh,
        case when pick = 'column_children' then column_en else row_en end as detail_en,
        {{ printed_amount('amount', 'reported_unit', 'reported_decimals', 'reported_unit') }} as amount_zh,
        {{ printed_amount('amount', 'reported_unit', 'reported_decimals', 'unit_en') }} as amount_en,
        row_number() over (
            partition by check_key, side, term_number
            order by row_key, column_key
        ) as detail_number
    from named_line

),

described_term as (

    select
        check_key,
        side,
        term_number,
        min(pick) as pick,
        count(*) as line_count,
        min(reported_unit) as reported_unit,
        min(unit_en) as unit_en,
        max(reported_decimals) as reported_decimals,
        min(place_zh) as place_zh,
        min(place_en) as place_en,
        string_agg(detail_zh || ' ' || amount_zh, '；' order by detail_number) filter (where detail_number <= 20 and is_detail)
            as details_zh,
        string_agg(detail_en || ' ' || amount_en, '; ' order by detail_number) filter (where detail_number <= 20 and is_detail)
            as details_en
    from described_line
    group by
        check_key,
        side,
        term_number

),

signed_term as (

    select
        term.check_key,
        term.side,
        term.term_number,
        term.amount * term.sign as signed_amount,
        described.reported_unit,
        described.unit_en,
        described.reported_decimals,
        case when term.sign < 0 then '减 ' when term.term_number > 1 then '加 ' else '' end
        || coalesce(term.file_name || ' ', '')
        || '《' || term.form_zh || '》'
        || case described.pick
            when 'row_children' then '其下各行之和'
            when 'column_children' then '该行各栏之和'
            else described.place_zh
        end
        || ' '
        || {{ printed_amount('term.amount', 'described.reported_unit', 'described.reported_decimals', 'described.reported_unit') }}
        || case
            when described.details_zh is null then ''
            else '（' || described.details_zh || case when described.line_count > 20 then '；等' else '' end || '）'
        end as term_zh,
        case when term.sign < 0 then 'less ' when term.term_number > 1 then 'plus ' else '' end
        || case described.pick
            when 'row_children' then 'the sum of the rows under it'
            when 'column_children' then 'the sum of the columns of that row'
            else described.place_en
        end
        || ' in "' || term.form_en || '"' || coalesce(' of ' || term.file_name, '') || ' '
        || {{ printed_amount('term.amount', 'described.reported_unit', 'described.reported_decimals', 'described.unit_en') }}
        || case
            when described.details_zh is null then ''
            else ' (' || described.details_en || case when described.line_count > 20 then '; …' else '' end || ')'
        end as term_en
    from term
    inner join described_term as described using (check_key, side, term_number)

),

side as (

    select
        check_key,
        side,
        sum(signed_amount) as side_amount,
        count(*) as term_count,
        arg_min(reported_unit, term_number) as reported_unit,
        arg_min(unit_en, term_number) as unit_en,
        max(reported_decimals) as reported_decimals,
        string_agg(term_zh, '，' order by term_number) as side_zh,
        string_agg(term_en, ', ' order by term_number) as side_en
    from signed_term
    group by
        check_key,
        side

),

totalled_side as (

    select
        check_key,
        side,
        reported_unit,
        unit_en,
        reported_decimals,
        side_zh
        || case
            when term_count > 1
                then '，合计 ' || {{ printed_amount('side_amount', 'reported_unit', 'reported_decimals', 'reported_unit') }}
            else ''
        end as side_zh,
        side_en
        || case
            when term_count > 1
                then ', together ' || {{ printed_amount('side_amount', 'reported_unit', 'reported_decimals', 'unit_en') }}
            else ''
        end as side_en
    from side

)

select
    failed_check.check_key,
    failed_check.title_zh || '，但' || lhs.side_zh
    || case failed_check.relation when 'at_most' then '，大于' when 'at_least' then '，小于' else '，与' end || rhs.side_zh
    || case failed_check.relation when 'equal' then '不等' else '' end || '，相差 '
    || {{ printed_amount('failed_check.difference', 'lhs.reported_unit', 'lhs.reported_decimals', 'lhs.reported_unit') }}
    || '（舍入最多可解释 '
    || {{ printed_amount('failed_check.tolerance', 'lhs.reported_unit', '0', 'lhs.reported_unit') }}
    || '）。' as message_zh,
    failed_check.title_en || ', but ' || lhs.side_en
    || case failed_check.relation when 'at_most' then ' is more than ' when 'at_least' then ' is less than ' else ' differs from ' end
    || rhs.side_en || ' by '
    || {{ printed_amount('failed_check.difference', 'lhs.reported_unit', 'lhs.reported_decimals', 'lhs.unit_en') }}
    || ' (rounding explains at most '
    || {{ printed_amount('failed_check.tolerance', 'lhs.reported_unit', '0', 'lhs.unit_en') }}
    || ').' as message_en,
    lhs.side_zh as lhs_terms,
    rhs.side_zh as rhs_terms
from failed_check
inner join totalled_side as lhs
    on
        failed_check.check_key = lhs.check_key
        and lhs.side = 'left'
inner join totalled_side as rhs
    on
        failed_check.check_key = rhs.check_key
        and rhs.side = 'right'
