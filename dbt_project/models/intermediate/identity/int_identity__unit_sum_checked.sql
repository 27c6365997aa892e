-- One row per figure of fiscal appropriation in a department's forms that is due to be the sum of its units' figures.
-- Only fiscal appropriation: subsidies and remittances between a department and its units are struck off when their other
-- accounts are taken together. Due where each listed unit with accounts of its own has a document of the same year and kind.
with document as (
    select
        document_id,
        {{ body_of('unit_id') }} as body_id,
        unit_kind,
        fiscal_year,
        doc_type
    from {{ ref('int_document__unit_identified') }}
    anti join {{ ref('stg_disclosure__supersession') }} using (document_id)
    where fiscal_year is not null
),

department as (
    select * from document
    where unit_kind = 'department'
),

member as (
    select * from {{ ref('stg_disclosure__member_unit') }}
    where is_separate
),

line as (
    select
        document_id,
        statement_code,
        fact,
        fund_code,
        row_key,
        column_key,
        basis,
        label,
        amount_yuan,
        half_width_yuan,
        reported_value,
        reported_unit,
        reported_decimals,
        source_ref,
        page_no
    from {{ ref('int_line__unified') }}
    where
        source = 'table'
        and share_suffix = ''
        and occurrence = 1
        and amount_yuan is not null
        and basis in ('initial_budget', 'adjusted_budget', 'final')
        and statement_code in (
            'appropriation_summary', 'general_public_expenditure', 'general_public_basic', 'three_public', 'government_fund', 'state_capital'
        )
),

form_status as (
    select * from {{ ref('int_form__status') }}
),

subject as (
    select * from {{ ref('int_subject__named') }}
),

-- the department's own offices publish under its name too, as a unit
candidate as (
    select
        department.document_id,
        member.unit_no,
        member.unit_name,
        other.document_id as other_id
    from department
    inner join member
        on department.document_id = member.document_id
    left join document as other
        on
            department.document_id != other.document_id
            and department.fiscal_year = other.fiscal_year
            and department.doc_type = other.doc_type
            and ({{ body_of('member.unit_id') }} = other.body_id or member.is_own and department.body_id = other.body_id)
            and (department.body_id != other.body_id or other.unit_kind = 'unit')
),

listed as (
    select
        document_id,
        count(distinct unit_no) as unit_count,
        bool_and(other_id is not null) as is_complete,
        count(distinct unit_no) < count(other_id) as is_ambiguous
    from candidate
    group by document_id
),

added as (
    select
        own.*,
        listed.unit_count,
        listed.is_ambiguous,
        sum(coalesce(line.amount_yuan, 0)) as rhs,
        sum(coalesce(line.half_width_yuan, 0)) as units_half_width_yuan,
        count(line.amount_yuan) as stated_count,
        bool_or(form_status.document_id is null) as is_form_absent,
        coalesce(bool_or(line.amount_yuan is null and (form_status.status = 'partial' or form_status.is_form_cut)), false)
            as is_form_partial,
        string_agg(
            candidate.unit_name || ' '
            || coalesce({{ number_text('line.reported_value', 'line.reported_decimals', true) }} || line.reported_unit, '0'),
            ' + '
            order by candidate.unit_no
        ) as rhs_terms
    from listed
    inner join line as own
        on listed.document_id = own.document_id
    inner join candidate
        on listed.document_id = candidate.document_id
    left join line
        on
            candidate.other_id = line.document_id
            and own.statement_code = line.statement_code
            and own.fact = line.fact
            and own.fund_code = line.fund_code
            and own.row_key = line.row_key
            and own.column_key = line.column_key
            and own.basis = line.basis
    left join form_status
        on candidate.other_id = form_status.document_id and own.statement_code = form_status.statement_code
    where listed.is_complete
    group by all
),

subject_named as (
    select
        added.*,
        added.half_width_yuan + added.units_half_width_yuan as tolerance,
        coalesce(subject.name_zh, {{ printed_subject('added') }}) as subject_zh,
        coalesce(subject.name_en, {{ printed_subject('added') }}) as subject_en,
        form.name_zh as form_zh,
        form.name_en as form_en,
        case
            when added.is_ambiguous then 'ambiguous'
            when added.is_form_absent then 'form_absent'
            when added.is_form_partial then 'form_partial'
            when added.amount_yuan = 0 and added.stated_count = 0 then 'zero_only'
        end as reason_code
    from added
    left join {{ ref('forms') }} as form
        on added.statement_code = form.statement_code
    left join subject
        on added.fact = subject.fact and added.row_key = subject.row_key and added.column_key = subject.column_key
)

select
    document_id,
    'CROSS-005' as identity_id,
    concat_ws('/', statement_code, fact, fund_code, row_key, column_key, basis) as place,
    'yuan' as value_unit,
    reason_code,
    amount_yuan as lhs,
    rhs,
    tolerance,
    source_ref as lhs_ref,
    page_no,
    statement_code,
    fund_code,
    row_key,
    column_key,
    basis,
    {{ arguments(
        form=['form_zh', 'form_en'], subject=['subject_zh', 'subject_en'], count='unit_count', parts='rhs_terms',
        printed=number_text('reported_value', 'reported_decimals', true) ~ ' || reported_unit',
        sum=printed_amount('rhs', 'reported_unit', 'reported_decimals', 'reported_unit')
    ) }} as arguments,
    {{ number_text('reported_value', 'reported_decimals', true) }} || reported_unit as lhs_terms,
    rhs_terms
from subject_named
