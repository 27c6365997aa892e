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
    document_id,
    'AL-N03-001' as identity_id,
    fund_code as place,
    'yuan' as value_unit,
    case when not is_complete then 'term_missing' end as reason_code,
    lhs,
    rhs,
    tolerance,
    lhs_ref,
    rhs_ref,
    page_no,
    'general_public_expenditure' as statement_code,
    fund_code,
    'change_from_prior_year' as basis,
    {{ arguments(measures='lhs_terms', items='rhs_terms') }} as arguments,
    lhs_terms,
    rhs_terms
from paired
