-- One row per single figure of the text that is compared with kinds that its sentence lists, with another printing, or with its fund.
with keyed as (
    select *
    from {{ ref('int_metric__keyed') }}
    where not starts_with(basis, 'change') and detail is null
),

claim as (
    select * from {{ ref('stg_disclosure__claim') }}
),

stated_part as (
    select * from {{ ref('int_stated_part__unified') }}
),

metric as (
    select * from {{ ref('metric') }}
),

-- where a figure is printed for several funds, none of them is the whole
first_value as (
    select *
    from keyed
    where detail is null
    qualify
        count(distinct fund_code) over (partition by document_id, metric_code, basis) < 2
        and row_number() over (partition by document_id, metric_code, basis order by source = 'narrative' desc, occurrence) = 1
),

-- a kind that is a figure of its own elsewhere stands in the list like the others
printed_together as (
    select
        document_id,
        basis,
        source_ref,
        reported_unit,
        sum(value) as value_sum
    from keyed
    group by
        document_id,
        basis,
        source_ref,
        reported_unit
),

-- kinds that a sentence lists of a count: all of them where it ends with the others
kinds_listed as (
    select
        'METRIC-009' as identity_id,
        case when count(*) > 1 and bool_or(starts_with(stated_part.part_name, '其他')) then 'equal' else 'at_most' end as relation,
        whole.document_id,
        whole.metric_code,
        whole.basis,
        whole.value as whole_value,
        whole.half_width_yuan as whole_half_width,
        {{ number_text('whole.reported_value', 'whole.reported_decimals', true) }} || whole.reported_unit as whole_printed,
        whole.source_ref as whole_ref,
        whole.reported_unit,
        whole.page_no,
        sum(stated_part.value) as part_sum,
        sum(coalesce(stated_part.half_width_yuan, 0)) as part_half_width,
        string_agg(
            stated_part.part_name || ' ' || {{ number_text('stated_part.reported_value', 'stated_part.reported_decimals', true) }}
            || stated_part.reported_unit,
            ' + ' order by stated_part.part_no
        ) as parts_zh,
        parts_zh as parts_en,
        string_agg(distinct stated_part.source_ref, ' ' order by stated_part.source_ref) as part_refs
    from first_value as whole
    inner join stated_part
        on
            whole.document_id = stated_part.document_id
            and whole.metric_code = stated_part.whole_code
            and whole.basis = stated_part.basis
            and whole.source_ref = stated_part.source_ref
            and whole.reported_unit = stated_part.reported_unit
    where stated_part.value is not null
    group by all
),

listed as (
    select
        kinds_listed.*,
        2 * kinds_listed.whole_value = kinds_listed.part_sum + printed_together.value_sum as is_whole_with_others
    from kinds_listed
    left join printed_together
        on
            kinds_listed.document_id = printed_together.document_id
            and kinds_listed.basis = printed_together.basis
            and kinds_listed.whole_ref = printed_together.source_ref
            and kinds_listed.reported_unit = printed_together.reported_unit
),

again as (
    select
        'METRIC-003' as identity_id,
        other.document_id,
        other.metric_code,
        other.detail,
        other.fund_code,
        other.basis,
        other.occurrence as rule_no,
        other.value as part_sum,
        original.value as whole_value,
        abs(other.value - original.value) as difference,
        coalesce(other.half_width_yuan, 0) + coalesce(original.half_width_yuan, 0) as tolerance,
        other.source_ref as part_refs,
        original.source_ref as whole_ref,
        other.page_no,
        {{ number_text('other.reported_value', 'other.reported_decimals', true) }} || other.reported_unit as parts_zh,
        {{ number_text('original.reported_value', 'original.reported_decimals', true) }} || original.reported_unit as whole_printed
    from keyed as other
    inner join keyed as original
        on
            other.document_id = original.document_id
            and other.metric_code = original.metric_code
            and other.statement_code = original.statement_code
            and other.basis = original.basis
            and other.detail is not distinct from original.detail
            and other.fund_code is not distinct from original.fund_code
            and original.source = other.source
    where
        other.occurrence > 1
        and original.occurrence = 1
),

fund_words as (
    select unnest(['一般公共预算', '政府性基金', '国有资本经营预算', '财政拨款']) as words
),

-- the most that the document's forms print of all appropriations, whatever of it is income, expenditure or left over
fund_total as (
    select
        document_id,
        basis,
        abs(amount_yuan) as total_yuan,
        max(half_width_yuan) as half_width_yuan,
        count(distinct source_ref) as cell_count,
        min({{ number_text('reported_value', 'reported_decimals', true) }} || reported_unit) as printed,
        min(source_ref) as source_ref
    from {{ ref('int_line__unified') }}
    where
        source = 'table'
        and fact in ('expenditure', 'revenue', 'balance')
        and fund_code = 'fiscal_appropriation'
        and row_key in ('total', 'total_income', 'total_expenditure')
        and amount_yuan is not null
    group by
        document_id,
        basis,
        total_yuan
    qualify row_number() over (partition by document_id, basis order by total_yuan desc) = 1
),

-- money that is said to be wholly of one fund is at most what the forms print of all appropriations
of_fund as (
    select
        'METRIC-004' as identity_id,
        first_value.document_id,
        first_value.metric_code,
        first_value.basis,
        first_value.value,
        coalesce(first_value.half_width_yuan, 0) as half_width_yuan,
        {{ number_text('first_value.reported_value', 'first_value.reported_decimals', true) }} || first_value.reported_unit as printed_value,
        first_value.source_ref,
        first_value.page_no,
        fund_words.words,
        fund_total.total_yuan as amount_yuan,
        fund_total.half_width_yuan as total_half_width,
        fund_total.printed,
        fund_total.source_ref as total_ref
    from first_value
    inner join claim
        on first_value.document_id = claim.document_id and first_value.source_ref = claim.source_ref
    inner join fund_words
        on regexp_matches(claim.sentence, '(均|全部|全)[为是属来自于]{1,3}' || fund_words.words)
    inner join fund_total
        on
            first_value.document_id = fund_total.document_id
            and first_value.basis = fund_total.basis
            -- a total that stands in two cells is read rightly
            and fund_total.cell_count > 1
    where
        first_value.half_width_yuan is not null
        and claim.fact = 'metric'
    qualify row_number() over (partition by first_value.document_id, first_value.metric_code, first_value.basis order by claim.claim_no) = 1
)

select
    listed.document_id,
    listed.identity_id,
    concat_ws('/', listed.metric_code, listed.basis) as place,
    case metric.unit when 'yuan' then 'yuan' else 'count' end as value_unit,
    listed.whole_value as lhs,
    listed.part_sum as rhs,
    cast(
        case listed.relation
            when 'equal' then case when listed.is_whole_with_others then 0 else listed.whole_value - listed.part_sum end
            else least(listed.whole_value - listed.part_sum, 0)
        end as decimal(28, 4)
    ) as difference,
    coalesce(listed.whole_half_width, 0) + listed.part_half_width as tolerance,
    listed.whole_ref as lhs_ref,
    listed.part_refs as rhs_ref,
    listed.page_no,
    listed.metric_code as row_key,
    listed.basis,
    case listed.relation when 'equal' then '' else 'at_least' end as variant,
    {{ arguments(metric=['metric.name_zh', 'metric.name_en'], printed='listed.whole_printed', parts='listed.parts_zh') }} as arguments,
    listed.whole_printed as lhs_terms,
    listed.parts_zh as rhs_terms
from listed
inner join metric
    on listed.metric_code = metric.metric_code
union all by name
select
    of_fund.document_id,
    of_fund.identity_id,
    concat_ws('/', of_fund.metric_code, of_fund.basis) as place,
    case metric.unit when 'yuan' then 'yuan' else 'count' end as value_unit,
    of_fund.value as lhs,
    of_fund.amount_yuan as rhs,
    cast(greatest(of_fund.value - of_fund.amount_yuan, 0) as decimal(28, 4)) as difference,
    of_fund.half_width_yuan + of_fund.total_half_width as tolerance,
    of_fund.source_ref as lhs_ref,
    of_fund.total_ref as rhs_ref,
    of_fund.page_no,
    of_fund.metric_code as row_key,
    of_fund.basis,
    {{ arguments(metric=['metric.name_zh', 'metric.name_en'], printed='of_fund.printed_value', words='of_fund.words', total='of_fund.printed') }}
        as arguments,
    of_fund.printed_value as lhs_terms,
    of_fund.printed as rhs_terms
from of_fund
inner join metric
    on of_fund.metric_code = metric.metric_code
union all by name
select
    again.document_id,
    again.identity_id,
    concat_ws('/', again.metric_code, again.detail, again.fund_code, again.basis, again.rule_no) as place,
    case metric.unit when 'yuan' then 'yuan' else 'count' end as value_unit,
    again.part_sum as lhs,
    again.whole_value as rhs,
    cast(again.difference as decimal(28, 4)) as difference,
    again.tolerance,
    again.part_refs as lhs_ref,
    again.whole_ref as rhs_ref,
    again.page_no,
    again.metric_code as row_key,
    again.basis,
    {{ arguments(metric=['metric.name_zh', 'metric.name_en'], first='again.whole_printed', again='again.parts_zh') }} as arguments,
    again.parts_zh as lhs_terms,
    again.whole_printed as rhs_terms
from again
inner join metric
    on again.metric_code = metric.metric_code
