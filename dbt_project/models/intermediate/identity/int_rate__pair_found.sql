-- One row per printed rate and pair of printed figures that it may rest on; one row without a pair where none is printed.
with claim as (
    select * replace ({{ simplified('sentence') }} as sentence) from {{ ref('int_claim__code_resolved') }}
),

line as (
    select * from {{ ref('int_line__unified') }}
),

formula as (
    select * from {{ ref('rate_formulas') }}
),

claim_subject as (
    select
        *,
        split_part(sentence, figure_text || unit_text, 1) as said_before,
        case
            when fact != 'ratio' then fact
            when subject_type = 'measure' and subject_code in ('personnel', 'public') then 'economic'
            when subject_type = 'measure' and statement_code = 'revenue' then 'revenue'
            when subject_type in ('function', 'measure') then 'expenditure'
            when subject_type = 'revenue_source' then 'revenue'
            else subject_type
        end as subject_fact,
        case
            when fact = 'ratio' and subject_type in ('three_public', 'balance', 'metric') then subject_code
            when fact = 'metric' then subject_code
            when fact = 'ratio' and subject_type in ('measure', 'revenue_source') then 'total'
            else row_key
        end as subject_row,
        case
            when fact = 'ratio' and subject_type in ('three_public', 'balance', 'metric') or fact = 'metric' then 'amount'
            when fact = 'ratio' and subject_type in ('measure', 'revenue_source') then subject_code
            when fact = 'ratio' then 'total'
            else column_key
        end as subject_column
    from claim
),

-- one rate is checked once, though it speaks of both sides of a balance
rate as (
    select
        *,
        case
            when regexp_matches(said_before, '年初[^,，。；;%]{0,8}预算[^,，。；;%]{0,6}$') then 'initial_budget'
            when regexp_matches(said_before, '(?:全年|调整后?)[^,，。；;%]{0,6}预算[^,，。；;%]{0,6}$') then 'adjusted_budget'
        end as budget_named,
        -- the whole that the sentence names stands where the expenditure of all funds is stated
        subject_row = 'total' and fund_code != 'all'
        and regexp_matches(sentence, '占(?:本年度?|当年|全年)?(?:总支出|支出(?:合计|总计|总额))') as names_all
    from claim_subject
    where fact = 'ratio' and reported_value is not null
    qualify row_number() over (partition by document_id, claim_no order by subject_row) = 1
),

-- what a figure lies above or below its budget, printed right before the rate of that difference
variance as (
    select
        rate.document_id,
        'narrative' as source,
        rate.statement_code,
        rate.fund_code,
        rate.subject_fact as fact,
        rate.subject_row as row_key,
        rate.subject_column as column_key,
        'budget_variance' as basis,
        cast(
            {{ to_yuan('printed.printed_value', 'printed.unit_text') }}
            * case
                when regexp_matches(
                    {{ simplified('printed.sentence') }},
                    '(减|降|低|少|节约)[^0-9,，。；]{0,5}' || replace(printed.figure_text, '.', '[.]') || printed.unit_text
                ) then -1
                else 1
            end
            as decimal(20, 4)
        ) as amount,
        {{ half_width_yuan('printed.reported_decimals', 'printed.unit_text') }} as half_width,
        abs(printed.printed_value) * sign(amount) as reported_value,
        printed.unit_text as reported_unit,
        printed.reported_decimals,
        rate.source_ref,
        rate.page_no,
        rate.paragraph_no,
        rate.section_no
    from rate
    inner join {{ ref('stg_disclosure__claim') }} as printed
        on
            rate.document_id = printed.document_id
            and rate.source_ref = printed.source_ref
            and rate.claim_no = printed.claim_no + 1
    where
        rate.ratio = 'budget_variance_rate'
        and printed.reason_code = 'budget_variance'
),

stated as (
    select * from variance
    where amount is not null
    union all by name
    select
        document_id,
        'narrative' as source,
        statement_code,
        fund_code,
        subject_fact as fact,
        subject_row as row_key,
        subject_column as column_key,
        basis,
        cast(coalesce(amount_yuan, reported_value) as decimal(20, 4)) as amount,
        coalesce(half_width_yuan, 0) as half_width,
        reported_value,
        reported_unit,
        reported_decimals,
        source_ref,
        page_no,
        paragraph_no,
        section_no
    from claim_subject
    where fact in ('expenditure', 'revenue', 'balance', 'economic', 'three_public', 'metric')
    union all by name
    -- a performance report prints the whole budget of the unit as its funding
    select
        document_id,
        'narrative' as source,
        statement_code,
        fund_code,
        'expenditure' as fact,
        'total' as row_key,
        'total' as column_key,
        case amount_column when 'executed' then 'final' else amount_column end as basis,
        cast(amount_yuan as decimal(20, 4)) as amount,
        half_width_yuan as half_width,
        reported_value,
        reported_unit,
        reported_decimals,
        source_ref,
        page_no,
        paragraph_no,
        section_no
    from claim
    where
        fact = 'project_funding'
        and scope = 'unit'
        and subject_code = 'total'
        and amount_column in ('initial_budget', 'adjusted_budget', 'executed')
        and amount_yuan is not null
    union all by name
    select
        document_id,
        source,
        statement_code,
        fund_code,
        fact,
        row_key,
        column_key,
        basis,
        cast(amount_yuan as decimal(20, 4)) as amount,
        half_width_yuan as half_width,
        reported_value,
        reported_unit,
        reported_decimals,
        source_ref,
        page_no
    from line
    where source = 'table' and amount_yuan is not null
),

-- what a rate is about, and the whole that a share is a part of
wanted as (
    select
        document_id,
        claim_no,
        false as is_whole,
        subject_fact as fact,
        subject_row as row_key,
        subject_column as column_key
    from rate
    union all
    select
        document_id,
        claim_no,
        true as is_whole,
        subject_fact as fact,
        unnest(case
            when subject_row = 'procurement_micro' then ['procurement_total', 'procurement_sme']
            when subject_row = 'procurement_sme' then ['procurement_total']
            when subject_fact = 'metric' then []
            else ['total']
        end) as row_key,
        case when subject_fact in ('three_public', 'metric') then 'amount' else 'total' end as column_key
    from rate
    where ratio = 'share'
    union all
    -- projects under performance management are a part of project expenditure
    select
        document_id,
        claim_no,
        true as is_whole,
        'expenditure' as fact,
        'total' as row_key,
        'project' as column_key
    from rate
    where
        ratio = 'share'
        and subject_row = 'performance_projects_budget'
        and regexp_matches(said_before, '占[^，。；]*项目支出[^，。；]*$')
    union all
    -- personnel and public expenditure are parts of basic and of all expenditure too
    select
        document_id,
        claim_no,
        true as is_whole,
        'expenditure' as fact,
        'total' as row_key,
        unnest(['total', 'basic']) as column_key
    from rate
    where
        ratio = 'share'
        and subject_fact = 'economic'
        and subject_column in ('personnel', 'public')
    union all
    -- an economic class is a part of the basic expenditure that the sentence names, wherever that is printed
    select
        document_id,
        claim_no,
        true as is_whole,
        'expenditure' as fact,
        'total' as row_key,
        'basic' as column_key
    from rate
    where
        ratio = 'share'
        and subject_fact = 'economic'
        and subject_column = 'total'
        and regexp_matches(said_before, '占[^，,。；;]*基本支出[^，,。；;]*$')
),

-- a fund's total is all of the expenditure where that is printed with the same amount
of_all_funds as (
    select distinct
        document_id,
        fact,
        row_key,
        column_key,
        basis,
        amount
    from stated
    where fund_code = 'all'
),

-- the sentence's own figures come first, then those around it, then the form's
figure as (
    select
        wanted.document_id,
        wanted.claim_no,
        wanted.is_whole,
        wanted.row_key,
        wanted.column_key,
        of_all_funds.amount is not null as is_of_all_funds,
        stated.* exclude (document_id, fact, row_key, column_key),
        case
            when wanted.is_whole and rate.names_all and stated.fund_code = 'all' then 4
            else
                case
                    when rate.source_ref = stated.source_ref then 1
                    when rate.paragraph_no = stated.paragraph_no then 2
                    when rate.section_no = stated.section_no then 3
                    when rate.statement_code = stated.statement_code then 4
                    -- the sentence itself names this whole
                    when wanted.is_whole and rate.subject_row = 'performance_projects_budget' then 4
                    else 5
                end
                + case
                    when rate.fund_code = stated.fund_code then 0
                    -- a section on all expenditure says no fund
                    when
                        wanted.is_whole
                        and rate.subject_column in ('personnel', 'public')
                        and rate.section_no = stated.section_no
                        then 0
                    else 5
                end
        end as distance
    from wanted
    inner join rate using (document_id, claim_no)
    inner join stated
        on
            wanted.document_id = stated.document_id
            and wanted.fact = stated.fact
            and wanted.row_key = stated.row_key
            and wanted.column_key = stated.column_key
    left join of_all_funds
        on
            stated.document_id = of_all_funds.document_id
            and stated.fact = of_all_funds.fact
            and stated.row_key = of_all_funds.row_key
            and stated.column_key = of_all_funds.column_key
            and stated.basis = of_all_funds.basis
            and stated.amount = of_all_funds.amount
    where
        rate.fund_code = stated.fund_code
        or (
            wanted.is_whole
            and stated.fund_code = 'all'
            and (rate.subject_row = 'total' or rate.source_ref = stated.source_ref)
        )
),

due_formula as (
    select
        rate.document_id,
        rate.claim_no,
        formula.shape,
        formula.second_basis = 'own' and formula.first_basis = 'own' as is_of_whole,
        case formula.first_basis when 'own' then rate.basis else formula.first_basis end as first_basis,
        case formula.second_basis when 'own' then rate.basis else formula.second_basis end as second_basis
    from rate
    inner join formula using (ratio)
    where
        rate.budget_named is null
        or formula.second_basis not in ('initial_budget', 'adjusted_budget')
        or formula.second_basis = rate.budget_named
),

-- where several bases print the same figure in one place, they make one pair
pair as (
    select distinct
        formula.document_id,
        formula.claim_no,
        formula.shape,
        one.amount as first_amount,
        other.amount as second_amount,
        one.half_width as first_half_width,
        other.half_width as second_half_width,
        one.source_ref as first_ref,
        other.source_ref as second_ref,
        one.reported_value as first_value,
        other.reported_value as second_value,
        one.reported_unit as first_unit,
        other.reported_unit as second_unit,
        one.reported_decimals as first_decimals,
        other.reported_decimals as second_decimals,
        greatest(one.distance, other.distance) as distance
    from due_formula as formula
    inner join figure as one
        on
            formula.document_id = one.document_id
            and formula.claim_no = one.claim_no
            and formula.first_basis = one.basis
            and not one.is_whole
    inner join figure as other
        on
            formula.document_id = other.document_id
            and formula.claim_no = other.claim_no
            and formula.second_basis = other.basis
            and formula.is_of_whole = other.is_whole
            and (one.source_ref != other.source_ref or one.source != 'table')
            -- a total is no share of itself, unless it is all that there is
            and not (
                formula.is_of_whole
                and one.row_key = other.row_key
                and one.column_key = other.column_key
                and one.fund_code = other.fund_code
                and not other.is_of_all_funds
            )
),

divided as (
    select
        *,
        case shape when 'growth' then first_amount - second_amount else first_amount end as numerator,
        case shape when 'change' then second_amount - first_amount else second_amount end as denominator,
        case shape when 'growth' then first_half_width + second_half_width else first_half_width end as numerator_half_width,
        case shape when 'change' then first_half_width + second_half_width else second_half_width end as denominator_half_width
    from pair
),

-- a rate is taken of a figure's distance from zero
turned as (
    select
        * exclude (numerator, denominator),
        case when denominator < 0 then -numerator else numerator end as numerator,
        abs(denominator) as denominator,
        abs(denominator) <= denominator_half_width as is_zero_base
    from divided
),

bounded as (
    select
        *,
        case when not is_zero_base then cast(100 * numerator / denominator as decimal(28, 8)) end as expected_pct,
        case when not is_zero_base
            then cast(100 * greatest(
                (numerator + numerator_half_width) / (denominator - denominator_half_width),
                (numerator + numerator_half_width) / (denominator + denominator_half_width)
            ) as decimal(28, 8))
        end as highest_pct,
        case when not is_zero_base
            then cast(100 * least(
                (numerator - numerator_half_width) / (denominator - denominator_half_width),
                (numerator - numerator_half_width) / (denominator + denominator_half_width)
            ) as decimal(28, 8))
        end as lowest_pct
    from turned
)

select
    rate.document_id,
    rate.claim_no,
    rate.statement_code,
    rate.fund_code,
    rate.basis,
    rate.subject_type,
    rate.subject_fact,
    rate.subject_row,
    rate.subject_column,
    rate.label,
    rate.ratio,
    rate.budget_named,
    rate.reported_value as reported_pct,
    rate.reported_decimals,
    rate.figure_text,
    rate.sentence,
    rate.source_ref,
    rate.page_no,
    bounded.* exclude (document_id, claim_no),
    cast(
        case
            when rate.reported_value >= bounded.expected_pct then bounded.highest_pct - bounded.expected_pct
            else bounded.expected_pct - bounded.lowest_pct
        end + 0.5 * power(10, -rate.reported_decimals) as decimal(28, 8)
    ) as tolerance
from rate
left join bounded using (document_id, claim_no)
