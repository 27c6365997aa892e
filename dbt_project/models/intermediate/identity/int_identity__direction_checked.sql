-- One row per comparison in words, compared with the figures that it refers to.
with remark as (
    select
        *,
        trim(left(sentence, strpos(sentence, text) - 1)) as said_before
    from {{ ref('stg_disclosure__remark') }}
    where kind in ('budget_comparison', 'prior_comparison', 'reason')
),

claim as (
    select
        *,
        case when fact = 'metric' then subject_code else row_key end as subject_row,
        case when fact = 'metric' then 'amount' else column_key end as subject_column
    from {{ ref('int_claim__code_resolved') }}
    where reported_value is not null
),

subject as (
    select * from {{ ref('int_subject__named') }}
),

money as (
    select * from claim
    where fact in ('expenditure', 'revenue', 'balance', 'economic', 'three_public', 'metric')
),

-- the figures that its paragraph prints before a remark, the last one first
figure_before as (
    select
        remark.document_id,
        remark.remark_no,
        remark.text,
        remark.said_before,
        remark.source_ref as remark_ref,
        money.claim_no,
        money.source_ref,
        money.figure_text,
        money.fact,
        money.statement_code,
        money.fund_code,
        money.subject_row,
        money.subject_column,
        money.label
    from remark
    inner join money
        on
            remark.document_id = money.document_id
            and remark.paragraph_no = money.paragraph_no
            and remark.claim_no >= money.claim_no
),

-- what a remark is about: the last subject before it, where no other words or subjects come between
about as (
    select
        * exclude (claim_no),
        case
            when source_ref = remark_ref then contains(right(said_before, 40), figure_text)
            else said_before = '' and subject_count = 1
        end as is_clear
    from (
        select
            *,
            count(distinct concat_ws('/', fact, subject_row, subject_column)) over (partition by document_id, remark_no) as subject_count
        from figure_before
    )
    qualify row_number() over (partition by document_id, remark_no order by claim_no desc, subject_row desc) = 1
),

printed as (
    select
        remark.document_id,
        remark.remark_no,
        money.basis,
        money.amount_yuan,
        coalesce(money.half_width_yuan, 0) as half_width_yuan,
        money.reported_value,
        money.reported_unit,
        money.reported_decimals,
        money.source_ref,
        money.claim_no
    from remark
    inner join about using (document_id, remark_no)
    inner join money
        on
            remark.document_id = money.document_id
            and remark.paragraph_no = money.paragraph_no
            and about.fact = money.fact
            and about.fund_code = money.fund_code
            and about.subject_row = money.subject_row
            and about.subject_column = money.subject_column
    where money.amount_yuan is not null
),

compared as (
    select
        remark.document_id,
        remark.remark_no,
        remark.kind,
        remark.code,
        now.amount_yuan as lhs,
        base.amount_yuan as rhs,
        now.half_width_yuan + base.half_width_yuan as tolerance,
        now.source_ref as lhs_ref,
        base.source_ref as rhs_ref,
        base.basis as base_basis,
        now.reported_value as lhs_value,
        base.reported_value as rhs_value,
        now.reported_unit as lhs_unit,
        base.reported_unit as rhs_unit,
        now.reported_decimals as lhs_decimals,
        base.reported_decimals as rhs_decimals,
        case remark.code
            when 'greater' then base.amount_yuan - now.amount_yuan
            when 'less' then now.amount_yuan - base.amount_yuan
            when 'about_equal' then abs(now.amount_yuan - base.amount_yuan) - abs(base.amount_yuan) / 20
            else abs(now.amount_yuan - base.amount_yuan)
        end as violation
    from remark
    inner join printed as now using (document_id, remark_no)
    inner join printed as base using (document_id, remark_no)
    where
        (
            remark.kind = 'budget_comparison'
            and now.basis = 'final'
            and base.basis in ('initial_budget', 'adjusted_budget')
            and (
                remark.named is null
                or remark.named = '当年'
                or base.basis = case remark.named when '年初' then 'initial_budget' else 'adjusted_budget' end
            )
        )
        or (
            remark.kind = 'prior_comparison'
            and now.basis in ('final', 'initial_budget')
            and base.basis = 'prior_year'
        )
),

-- a word that fits one of the budgets is right
nearest as (
    select *
    from compared
    qualify row_number() over (
        partition by document_id, remark_no
        order by greatest(violation - tolerance, 0), lhs_ref, rhs_ref, base_basis
    ) = 1
),

-- the last word of rise or fall before a reason
turn as (
    select
        remark.document_id,
        remark.remark_no,
        claim.direction,
        claim.source_ref,
        claim.figure_text,
        claim.unit_text,
        claim.fact,
        claim.subject_type,
        claim.row_key,
        claim.label,
        claim.statement_code,
        claim.fund_code
    from remark
    inner join claim
        on
            remark.document_id = claim.document_id
            and remark.paragraph_no = claim.paragraph_no
            and remark.claim_no = claim.claim_no
    where
        remark.kind = 'reason'
        and claim.direction in (-1, 1)
        and claim.reported_value != 0
    qualify row_number() over (partition by remark.document_id, remark.remark_no order by claim.row_key) = 1
),

compared_in_words as (
    select
        remark.document_id,
        remark.remark_no,
        case remark.kind when 'budget_comparison' then 'DIRECTION-001' else 'DIRECTION-002' end as identity_id,
        remark.source_ref,
        remark.page_no,
        remark.text,
        about.fact,
        about.statement_code,
        about.fund_code,
        about.subject_row as row_key,
        about.subject_column as column_key,
        about.label,
        'yuan' as value_unit,
        case
            when about.remark_no is null then 'no_figure'
            when not about.is_clear then 'ambiguous'
            when nearest.remark_no is null then 'term_missing'
        end as reason_code,
        cast(nearest.lhs as decimal(28, 4)) as lhs,
        cast(nearest.rhs as decimal(28, 4)) as rhs,
        cast(greatest(nearest.violation, 0) as decimal(28, 4)) as difference,
        cast(nearest.tolerance as decimal(28, 8)) as tolerance,
        nearest.lhs_ref,
        nearest.rhs_ref,
        nearest.base_basis,
        {{ number_text('nearest.lhs_value', 'nearest.lhs_decimals', true) }} || nearest.lhs_unit as lhs_zh,
        {{ number_text('nearest.rhs_value', 'nearest.rhs_decimals', true) }} || nearest.rhs_unit as rhs_zh,
        {{ number_text('nearest.lhs_value', 'nearest.lhs_decimals', true) }} || {{ unit_in_english('nearest.lhs_unit') }} as lhs_en,
        {{ number_text('nearest.rhs_value', 'nearest.rhs_decimals', true) }} || {{ unit_in_english('nearest.rhs_unit') }} as rhs_en
    from remark
    left join about using (document_id, remark_no)
    left join nearest using (document_id, remark_no)
    where remark.kind in ('budget_comparison', 'prior_comparison')
    union all by name
    select
        remark.document_id,
        remark.remark_no,
        'DIRECTION-004' as identity_id,
        remark.source_ref,
        remark.page_no,
        remark.text,
        turn.fact,
        turn.statement_code,
        turn.fund_code,
        turn.row_key,
        'total' as column_key,
        turn.label,
        'count' as value_unit,
        case when turn.remark_no is null then 'no_figure' end as reason_code,
        cast(turn.direction as decimal(28, 4)) as lhs,
        cast(case remark.code when 'increase' then 1 else -1 end as decimal(28, 4)) as rhs,
        cast(abs(turn.direction - case remark.code when 'increase' then 1 else -1 end) as decimal(28, 4)) as difference,
        cast(0 as decimal(28, 8)) as tolerance,
        turn.source_ref as lhs_ref,
        remark.source_ref as rhs_ref,
        case turn.direction when 1 then '增加 ' else '减少 ' end || turn.figure_text || turn.unit_text as lhs_zh,
        remark.text as rhs_zh,
        case turn.direction when 1 then 'a rise of ' else 'a fall of ' end || turn.figure_text || turn.unit_text as lhs_en
    from remark
    left join turn using (document_id, remark_no)
    where remark.kind = 'reason'
),

subject_named as (
    select
        compared_in_words.*,
        coalesce(
            subject.name_zh,
            concat_ws(
                ' ',
                case when not starts_with(compared_in_words.row_key, 'name:') then nullif(compared_in_words.row_key, 'total') end,
                {{ bare_name('compared_in_words.label') }}
            )
        ) as subject_zh,
        coalesce(
            subject.name_en,
            concat_ws(
                ' ',
                case when not starts_with(compared_in_words.row_key, 'name:') then nullif(compared_in_words.row_key, 'total') end,
                {{ bare_name('compared_in_words.label') }}
            )
        ) as subject_en,
        case compared_in_words.base_basis
            when 'initial_budget' then '年初预算数' when 'adjusted_budget' then '全年预算数' when 'prior_year' then '上年数'
        end as base_zh,
        case compared_in_words.base_basis
            when 'initial_budget' then 'initial budget' when 'adjusted_budget' then 'adjusted budget' when 'prior_year' then 'prior year'
        end as base_en
    from compared_in_words
    left join subject
        on
            compared_in_words.fact = subject.fact
            and compared_in_words.row_key = subject.row_key
            and compared_in_words.column_key = subject.column_key
)

select
    document_id,
    identity_id,
    concat_ws('/', row_key, source_ref, remark_no) as place,
    value_unit,
    reason_code,
    lhs,
    rhs,
    difference,
    tolerance,
    coalesce(lhs_ref, source_ref) as lhs_ref,
    coalesce(rhs_ref, source_ref) as rhs_ref,
    page_no,
    statement_code,
    fund_code,
    row_key,
    column_key,
    {{ arguments(
        subject=['subject_zh', 'subject_en'], printed=['lhs_zh', 'lhs_en'], compared=['rhs_zh', 'rhs_en'], base=['base_zh', 'base_en'], words='text'
    ) }} as arguments,
    lhs_zh as lhs_terms,
    rhs_zh as rhs_terms
from subject_named
