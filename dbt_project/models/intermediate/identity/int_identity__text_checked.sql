-- One row per money figure of the prose that a form of the document prints too.
with line as (
    select * from {{ ref('int_line__unified') }}
    where amount_yuan is not null
),

subject as (
    select * from {{ ref('int_subject__named') }}
),

-- one figure that states both sides of a balance is compared once
said as (
    select *
    from line
    where source = 'narrative'
    qualify row_number() over (
        partition by
            document_id, source_ref, fact, statement_code, fund_code, basis, amount_yuan,
            case when fact = 'balance' then '' else row_key end, column_key
        order by row_key desc
    ) = 1
),

paired as (
    select
        said.document_id,
        said.statement_code,
        said.fact,
        said.fund_code,
        said.row_key,
        said.column_key,
        said.basis,
        said.occurrence,
        said.label,
        said.amount_yuan as lhs,
        form.amount_yuan as rhs,
        said.half_width_yuan + form.half_width_yuan as tolerance,
        said.reported_value as lhs_value,
        said.reported_unit as lhs_unit,
        said.reported_decimals as lhs_decimals,
        form.reported_value as rhs_value,
        form.reported_unit as rhs_unit,
        form.reported_decimals as rhs_decimals,
        said.source_ref as lhs_ref,
        form.source_ref as rhs_ref,
        said.page_no,
        form.statement_code as form_code
    from said
    inner join line as form
        on
            said.document_id = form.document_id
            and said.fund_code = form.fund_code
            and said.row_key = form.row_key
            and said.basis = form.basis
            and (
                said.fact = form.fact
                and said.column_key = form.column_key
                -- all of basic expenditure by economic class is basic expenditure by function
                or said.fact = 'economic'
                and said.row_key = 'total'
                and said.column_key = 'total'
                and said.statement_code = 'general_public_basic'
                and form.fact = 'expenditure'
                and form.column_key = 'basic'
            )
    where form.source = 'table'
),

-- the form that agrees, else the form that the section explains
nearest as (
    select *
    from paired
    qualify row_number() over (
        partition by document_id, statement_code, fact, fund_code, row_key, column_key, basis, occurrence
        order by greatest(abs(lhs - rhs) - tolerance, 0), (statement_code != form_code), form_code, rhs_ref
    ) = 1
),

subject_named as (
    select
        nearest.*,
        form.name_zh as form_zh,
        form.name_en as form_en,
        coalesce(subject.name_zh, {{ printed_subject('nearest') }}) as subject_zh,
        coalesce(subject.name_en, {{ printed_subject('nearest') }}) as subject_en,
        {{ number_text('lhs_value', 'lhs_decimals', true) }} || lhs_unit as lhs_zh,
        {{ number_text('rhs_value', 'rhs_decimals', true) }} || rhs_unit as rhs_zh,
        {{ number_text('lhs_value', 'lhs_decimals', true) }} || {{ unit_in_english('lhs_unit') }} as lhs_en,
        {{ number_text('rhs_value', 'rhs_decimals', true) }} || {{ unit_in_english('rhs_unit') }} as rhs_en
    from nearest
    left join {{ ref('forms') }} as form
        on nearest.form_code = form.statement_code
    left join subject
        on
            nearest.fact = subject.fact
            and nearest.row_key = subject.row_key
            and nearest.column_key = subject.column_key
)

select
    document_id,
    'TEXT-001' as identity_id,
    concat_ws(
        '/', statement_code, fact, fund_code, row_key, column_key, basis,
        case when occurrence > 1 then occurrence end
    ) as place,
    'yuan' as value_unit,
    lhs,
    rhs,
    tolerance,
    lhs_ref,
    rhs_ref,
    page_no,
    statement_code,
    fund_code,
    row_key,
    column_key,
    basis,
    {{ arguments(subject=['subject_zh', 'subject_en'], said=['lhs_zh', 'lhs_en'], form=['form_zh', 'form_en'], printed=['rhs_zh', 'rhs_en']) }}
        as arguments,
    lhs_zh as lhs_terms,
    rhs_zh as rhs_terms
from subject_named
