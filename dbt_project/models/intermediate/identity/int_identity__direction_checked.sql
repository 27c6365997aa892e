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

expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__direction_checked'
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

judged as (
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

told as (
    select
        judged.*,
        case
            when judged.reason_code is not null then 'not_evaluable'
            when judged.difference <= judged.tolerance then 'pass'
            else 'fail'
        end as status,
        coalesce(
            subject.name_zh,
            concat_ws(
                ' ',
                case when not starts_with(judged.row_key, 'name:') then nullif(judged.row_key, 'total') end,
                {{ bare_name('judged.label') }}
            )
        ) as subject_zh,
        coalesce(
            subject.name_en,
            concat_ws(
                ' ',
                case when not starts_with(judged.row_key, 'name:') then nullif(judged.row_key, 'total') end,
                {{ bare_name('judged.label') }}
            )
        ) as subject_en,
        case judged.base_basis
            when 'initial_budget' then '年初预算数' when 'adjusted_budget' then '全年预算数' when 'prior_year' then '上年数'
        end as base_zh,
        case judged.base_basis
            when 'initial_budget' then 'initial budget' when 'adjusted_budget' then 'adjusted budget' when 'prior_year' then 'prior year'
        end as base_en
    from judged
    left join subject
        on
            judged.fact = subject.fact
            and judged.row_key = subject.row_key
            and judged.column_key = subject.column_key
)

select
    md5(concat_ws('|', expected.document_id, expected.identity_id, told.remark_no)) as check_key,
    expected.document_id,
    expected.identity_id,
    case when told.remark_no is null then '-' else concat_ws('/', told.row_key, told.source_ref, told.remark_no) end as scope,
    coalesce(told.value_unit, 'yuan') as value_unit,
    coalesce(told.status, 'not_applicable') as status,
    case when told.remark_no is null then 'not_printed' else told.reason_code end as reason_code,
    told.lhs,
    told.rhs,
    case when told.reason_code is null then told.difference end as difference,
    case when told.reason_code is null then told.tolerance end as tolerance,
    coalesce(told.lhs_ref, told.source_ref) as lhs_ref,
    coalesce(told.rhs_ref, told.source_ref) as rhs_ref,
    told.page_no,
    told.statement_code,
    told.fund_code,
    told.row_key,
    told.column_key,
    cast(null as varchar) as basis,
    case told.identity_id
        when 'DIRECTION-004'
            then told.subject_zh || ' 说明为' || told.lhs_zh || '，所述原因却相反：“' || told.text || '”。'
        else told.subject_zh || ' 印出的数为 ' || told.lhs_zh || '，' || told.base_zh || '为 ' || told.rhs_zh || '，文中却称“' || told.text || '”。'
    end as message_zh,
    case told.identity_id
        when 'DIRECTION-004'
            then told.subject_en || ': the text prints ' || told.lhs_en || ', but its reason gives the opposite direction ("' || told.text || '").'
        else told.subject_en || ' is printed as ' || told.lhs_en || ' against ' || told.rhs_en || ' (' || told.base_en
            || '), but the words give another direction ("' || told.text || '").'
    end as message_en,
    told.lhs_zh as lhs_terms,
    told.rhs_zh as rhs_terms
from expected
left join told using (document_id, identity_id)
