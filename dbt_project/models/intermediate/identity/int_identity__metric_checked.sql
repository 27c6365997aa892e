-- One row per relation of single figures that is due: a total with its parts, a part with its whole, a figure printed again.
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

expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__metric_checked'
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

-- what small and medium-sized enterprises won outside the procurement reserved for them is printed beside what they won within
won_elsewhere as (
    select
        first_value.document_id,
        first_value.basis,
        sum({{ to_yuan('claim.printed_value', 'claim.unit_text') }}) as value,
        sum({{ half_width_yuan('claim.reported_decimals', 'claim.unit_text') }}) as half_width_yuan,
        string_agg(claim.figure_text || claim.unit_text, ' + ' order by claim.claim_no) as printed
    from first_value
    inner join claim
        on first_value.document_id = claim.document_id and first_value.source_ref = claim.source_ref
    where
        first_value.metric_code = 'procurement_sme'
        and claim.reason_code = 'other_procurement'
        and contains(claim.sentence, '中小企业')
    group by
        first_value.document_id,
        first_value.basis
),

rule_part as (
    select
        identity_id,
        rule_no,
        relation,
        whole,
        unnest(string_split(parts, '|')) as part,
        length(parts) - length(replace(parts, '|', '')) + 1 as rule_part_count
    from {{ ref('metric_rules') }}
),

part_value as (
    select
        document_id,
        metric_code,
        basis,
        value,
        half_width_yuan,
        reported_value,
        reported_decimals,
        reported_unit,
        source_ref,
        page_no,
        '' as more
    from first_value
    where metric_code != 'procurement_sme'
    union all by name
    select
        first_value.document_id,
        first_value.metric_code,
        first_value.basis,
        first_value.value + coalesce(won_elsewhere.value, 0) as value,
        first_value.half_width_yuan + coalesce(won_elsewhere.half_width_yuan, 0) as half_width_yuan,
        first_value.reported_value,
        first_value.reported_decimals,
        first_value.reported_unit,
        first_value.source_ref,
        first_value.page_no,
        coalesce(' + ' || won_elsewhere.printed, '') as more
    from first_value
    left join won_elsewhere using (document_id, basis)
    where first_value.metric_code = 'procurement_sme'
),

-- documents whose text speaks of people who are of none of the kinds
other_staff as (
    select distinct claim.document_id
    from first_value
    inner join claim
        on first_value.document_id = claim.document_id and first_value.source_ref = claim.source_ref
    where
        starts_with(first_value.metric_code, 'staff_')
        and regexp_matches(claim.sentence, '其他人员|其它人员|编外|聘|临时|派遣|遗属|借调|学生')
),

related as (
    select
        rule_part.identity_id,
        rule_part.relation,
        whole.document_id,
        whole.metric_code,
        whole.basis,
        'metric' as kind,
        rule_part.rule_no,
        min(whole.value) as whole_value,
        min(whole.half_width_yuan) as whole_half_width,
        min({{ number_text('whole.reported_value', 'whole.reported_decimals', true) }} || whole.reported_unit) as whole_printed,
        min(whole.source_ref) as whole_ref,
        min(whole.page_no) as page_no,
        sum(part_value.value) as part_sum,
        sum(part_value.half_width_yuan) as part_half_width,
        count(part_value.value) as part_count,
        min(rule_part.rule_part_count) as due_count,
        string_agg(
            metric.name_zh || ' ' || {{ number_text('part_value.reported_value', 'part_value.reported_decimals', true) }}
            || part_value.reported_unit || part_value.more,
            ' + ' order by metric.sort_order
        ) as parts_zh,
        string_agg(
            metric.name_en || ' ' || {{ number_text('part_value.reported_value', 'part_value.reported_decimals', true) }}
            || {{ unit_in_english('part_value.reported_unit') }} || part_value.more,
            ' + ' order by metric.sort_order
        ) as parts_en,
        string_agg(distinct part_value.source_ref, ' ' order by part_value.source_ref) as part_refs
    from rule_part
    inner join first_value as whole
        on rule_part.whole = whole.metric_code
    left join part_value
        on
            whole.document_id = part_value.document_id
            and whole.basis = part_value.basis
            and rule_part.part = part_value.metric_code
    left join metric
        on part_value.metric_code = metric.metric_code
    left join other_staff
        on
            rule_part.relation = 'covered'
            and whole.document_id = other_staff.document_id
    where other_staff.document_id is null
    group by
        rule_part.identity_id,
        rule_part.relation,
        whole.document_id,
        whole.metric_code,
        whole.basis,
        rule_part.rule_no
    having count(part_value.value) > 0
),

-- kinds that a sentence lists of a count: all of them where it ends with the others
listed as (
    select
        'METRIC-001' as identity_id,
        case when count(*) > 1 and bool_or(starts_with(stated_part.part_name, '其他')) then 'equal' else 'at_most' end as relation,
        whole.document_id,
        whole.metric_code,
        whole.basis,
        'listed' as kind,
        0 as rule_no,
        whole.value as whole_value,
        whole.half_width_yuan as whole_half_width,
        {{ number_text('whole.reported_value', 'whole.reported_decimals', true) }} || whole.reported_unit as whole_printed,
        whole.source_ref as whole_ref,
        whole.page_no,
        sum(stated_part.value) as part_sum,
        sum(coalesce(stated_part.half_width_yuan, 0)) as part_half_width,
        count(*) as part_count,
        count(*) as due_count,
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

compared as (
    select
        *,
        case
            when part_count = due_count and relation = 'equal' then abs(whole_value - part_sum)
            when part_count = due_count and relation = 'covered' then greatest(whole_value - part_sum, 0)
            when relation != 'covered' and part_sum is not null then greatest(part_sum - whole_value, 0)
        end as difference,
        coalesce(whole_half_width, 0) + coalesce(part_half_width, 0) as tolerance
    from (
        select * from related
        union all by name
        select * from listed
    )
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
        {{ number_text('first_value.reported_value', 'first_value.reported_decimals', true) }} || first_value.reported_unit as told,
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
),

told as (
    select
        compared.identity_id,
        compared.document_id,
        concat_ws('/', compared.metric_code, compared.basis, compared.kind, compared.rule_no) as scope,
        case
            when compared.difference > compared.tolerance then 'fail'
            when compared.relation in ('equal', 'covered') and compared.part_count < compared.due_count then 'not_evaluable'
            else 'pass'
        end as status,
        metric.unit,
        compared.metric_code,
        compared.basis,
        compared.page_no,
        compared.whole_value as lhs,
        compared.part_sum as rhs,
        compared.difference,
        compared.tolerance,
        compared.whole_ref as lhs_ref,
        compared.part_refs as rhs_ref,
        compared.whole_printed as lhs_terms,
        compared.parts_zh as rhs_terms,
        metric.name_zh || '印为 ' || compared.whole_printed
        || case compared.relation when 'equal' then '，各部分之和不同：' when 'covered' then '，多于各部分之和：' else '，部分大于总数：' end
        || compared.parts_zh || '。' as message_zh,
        metric.name_en || ' is printed as ' || compared.whole_printed
        || case compared.relation
            when 'equal' then ', its parts add up to another figure: '
            when 'covered' then ', more than its parts: '
            else ', less than its parts: '
        end
        || compared.parts_en || '.' as message_en
    from compared
    inner join metric
        on compared.metric_code = metric.metric_code
    union all by name
    select
        of_fund.identity_id,
        of_fund.document_id,
        concat_ws('/', of_fund.metric_code, of_fund.basis) as scope,
        case when of_fund.value - of_fund.amount_yuan > of_fund.half_width_yuan + of_fund.total_half_width then 'fail' else 'pass' end as status,
        metric.unit,
        of_fund.metric_code,
        of_fund.basis,
        of_fund.page_no,
        of_fund.value as lhs,
        of_fund.amount_yuan as rhs,
        greatest(of_fund.value - of_fund.amount_yuan, 0) as difference,
        of_fund.half_width_yuan + of_fund.total_half_width as tolerance,
        of_fund.source_ref as lhs_ref,
        of_fund.total_ref as rhs_ref,
        of_fund.told as lhs_terms,
        of_fund.printed as rhs_terms,
        metric.name_zh || '印为 ' || of_fund.told || '，称均为' || of_fund.words || '，而表中财政拨款合计只有 ' || of_fund.printed || '。' as message_zh,
        metric.name_en || ' is printed as ' || of_fund.told || ', all of one fund ("' || of_fund.words || '"), but all appropriations are '
        || of_fund.printed || '.' as message_en
    from of_fund
    inner join metric
        on of_fund.metric_code = metric.metric_code
    union all by name
    select
        again.identity_id,
        again.document_id,
        concat_ws('/', again.metric_code, again.detail, again.fund_code, again.basis, again.rule_no) as scope,
        case when again.difference > again.tolerance then 'fail' else 'pass' end as status,
        metric.unit,
        again.metric_code,
        again.basis,
        again.page_no,
        again.part_sum as lhs,
        again.whole_value as rhs,
        again.difference,
        again.tolerance,
        again.part_refs as lhs_ref,
        again.whole_ref as rhs_ref,
        again.parts_zh as lhs_terms,
        again.whole_printed as rhs_terms,
        metric.name_zh || '一处印为 ' || again.whole_printed || '，另一处印为 ' || again.parts_zh || '。' as message_zh,
        metric.name_en || ' is printed as ' || again.whole_printed || ' in one place and as ' || again.parts_zh || ' in another.' as message_en
    from again
    inner join metric
        on again.metric_code = metric.metric_code
)

select
    md5(concat_ws('|', expected.document_id, expected.identity_id, told.scope)) as check_key,
    expected.document_id,
    expected.identity_id,
    coalesce(told.scope, '-') as scope,
    case when coalesce(told.unit, 'yuan') = 'yuan' then 'yuan' else 'count' end as value_unit,
    coalesce(told.status, 'not_applicable') as status,
    case when told.document_id is null then 'not_printed' when told.status = 'not_evaluable' then 'term_missing' end as reason_code,
    cast(told.lhs as decimal(28, 4)) as lhs,
    cast(told.rhs as decimal(28, 4)) as rhs,
    cast(told.difference as decimal(28, 4)) as difference,
    cast(told.tolerance as decimal(28, 8)) as tolerance,
    told.lhs_ref,
    told.rhs_ref,
    told.page_no,
    cast(null as varchar) as statement_code,
    cast(null as varchar) as fund_code,
    told.metric_code as row_key,
    cast(null as varchar) as column_key,
    told.basis,
    told.message_zh,
    told.message_en,
    told.lhs_terms,
    told.rhs_terms
from expected
left join told using (document_id, identity_id)
