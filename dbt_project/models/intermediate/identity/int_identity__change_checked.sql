-- One row per fund whose changes against the prior year the prose prints by measure and by item, all items that it has.
with line as (
    select *
    from {{ ref('int_line__unified') }}
    where
        source = 'narrative'
        and fact = 'expenditure'
        and statement_code = 'general_public_expenditure'
        and occurrence = 1
        and amount_yuan is not null
),

expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__change_checked'
),

part as (
    select
        document_id,
        fund_code,
        case when row_key = 'total' then 'measure' else 'item' end as kind,
        concat_ws('/', row_key, column_key) as part,
        min(label) as label,
        arg_min(amount_yuan, basis) filter (where basis != 'change_from_prior_year') as amount_yuan,
        min(half_width_yuan) filter (where basis != 'change_from_prior_year') as half_width_yuan,
        min(amount_yuan) filter (where basis = 'change_from_prior_year') as change_yuan,
        min(half_width_yuan) filter (where basis = 'change_from_prior_year') as change_half_width,
        min(source_ref) filter (where basis = 'change_from_prior_year') as change_ref,
        min(reported_unit) filter (where basis = 'change_from_prior_year') as reported_unit,
        min(reported_decimals) filter (where basis = 'change_from_prior_year') as reported_decimals,
        min(page_no) as page_no
    from line
    where
        basis in ('initial_budget', 'final', 'change_from_prior_year')
        and ((row_key = 'total' and column_key in ('basic', 'project')) or (level = 'item' and column_key = 'total'))
    group by all
),

summed as (
    select
        document_id,
        fund_code,
        kind,
        count(*) as part_count,
        count(change_yuan) as change_count,
        count(amount_yuan) as amount_count,
        sum(amount_yuan) as amount_yuan,
        sum(half_width_yuan) as half_width_yuan,
        sum(change_yuan) as change_yuan,
        sum(change_half_width) as change_half_width,
        string_agg(distinct change_ref, ' ' order by change_ref) as refs,
        min(page_no) as page_no,
        string_agg({{ printed_amount('change_yuan', 'reported_unit', 'reported_decimals', 'reported_unit') }}, ' + ' order by part) as terms
    from part
    group by
        document_id,
        fund_code,
        kind
),

paired as (
    select
        measure.document_id,
        measure.fund_code,
        measure.change_yuan as lhs,
        item.change_yuan as rhs,
        measure.change_half_width + item.change_half_width as tolerance,
        measure.refs as lhs_ref,
        item.refs as rhs_ref,
        measure.page_no,
        measure.terms as lhs_terms,
        item.terms as rhs_terms,
        measure.part_count = 2
        and measure.change_count = measure.part_count
        and item.change_count = item.part_count
        and item.amount_count = item.part_count
        and measure.amount_count = measure.part_count
        and abs(measure.amount_yuan - item.amount_yuan) <= measure.half_width_yuan + item.half_width_yuan as is_complete
    from summed as measure
    inner join summed as item
        on measure.document_id = item.document_id and measure.fund_code = item.fund_code
    where
        measure.kind = 'measure'
        and item.kind = 'item'
        and measure.change_count > 0
        and item.change_count > 0
)

select
    md5(concat_ws('|', expected.document_id, expected.identity_id, paired.fund_code)) as check_key,
    expected.document_id,
    expected.identity_id,
    coalesce(paired.fund_code, '-') as scope,
    'yuan' as value_unit,
    case
        when paired.document_id is null then 'not_applicable'
        when not paired.is_complete then 'not_evaluable'
        when abs(paired.lhs - paired.rhs) <= paired.tolerance then 'pass'
        else 'fail'
    end as status,
    case when paired.document_id is null then 'not_printed' when not paired.is_complete then 'term_missing' end as reason_code,
    cast(paired.lhs as decimal(28, 4)) as lhs,
    cast(paired.rhs as decimal(28, 4)) as rhs,
    cast(paired.lhs - paired.rhs as decimal(28, 4)) as difference,
    cast(paired.tolerance as decimal(28, 8)) as tolerance,
    paired.lhs_ref,
    paired.rhs_ref,
    paired.page_no,
    case when paired.document_id is not null then 'general_public_expenditure' end as statement_code,
    paired.fund_code,
    cast(null as varchar) as row_key,
    cast(null as varchar) as column_key,
    case when paired.document_id is not null then 'change_from_prior_year' end as basis,
    '文字说明中基本支出与项目支出比上年的增减（' || paired.lhs_terms || '）不等于各项增减之和（' || paired.rhs_terms || '）。' as message_zh,
    'The changes of basic and project expenditure against the prior year (' || paired.lhs_terms || ') do not add up to those of the items ('
    || paired.rhs_terms || ').' as message_en,
    paired.lhs_terms,
    paired.rhs_terms
from expected
left join paired using (document_id)
