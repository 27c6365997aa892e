-- One row per figure that another document of the same unit prints too: the budget of its year, last year's document, the version
-- that it supersedes.
with department_of_several as (
    select document_id
    from {{ ref('stg_disclosure__member_unit') }}
    where is_separate
    group by document_id
    having count(*) > 1
),

-- a department of several units and its own offices publish under one name
document as (
    select
        document_id,
        {{ body_of('unit_id') }} as body_id,
        unit_kind,
        fiscal_year,
        doc_type,
        document_id in (select document_id from department_of_several) as has_units
    from {{ ref('int_document__unit_identified') }}
    where fiscal_year is not null
),

supersession as (
    select * from {{ ref('stg_disclosure__supersession') }}
),

line as (
    select *
    from {{ ref('int_line__unified') }}
    where
        occurrence = 1
        and amount_yuan is not null
),

subject as (
    select * from {{ ref('int_subject__named') }}
),

expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__document_checked'
),

newest as (
    select *
    from document
    anti join supersession using (document_id)
),

-- which document a final account is held against, and the bases that mean the same figure in both
comparison (identity_id, other_doc_type, years_before, own_basis, other_basis) as (
    values
    ('CROSS-001', 'departmental_budget', 0, 'initial_budget', 'initial_budget'),
    ('CROSS-002', 'final_accounts', 1, 'prior_year', 'final'),
    ('CROSS-003', 'final_accounts', 1, 'final', 'final')
),

pair as (
    select
        comparison.identity_id,
        own.document_id,
        other.document_id as other_id,
        comparison.own_basis,
        comparison.other_basis
    from newest as own
    inner join newest as other
        on own.body_id = other.body_id
    inner join comparison
        on
            other.doc_type = comparison.other_doc_type
            and own.fiscal_year = other.fiscal_year + comparison.years_before
    where
        own.doc_type = 'final_accounts'
        and (own.unit_kind is not distinct from other.unit_kind or not own.has_units and not other.has_units)
    qualify rank() over (
        partition by comparison.identity_id, own.document_id
        order by own.unit_kind is distinct from other.unit_kind
    ) = 1
    union all
    select
        'CROSS-004' as identity_id,
        supersession.superseded_by as document_id,
        supersession.document_id as other_id,
        basis.basis as own_basis,
        basis.basis as other_basis
    from supersession
    cross join (select unnest(['initial_budget', 'final']) as basis) as basis
),

counted as (
    select
        *,
        count(*) over (partition by identity_id, document_id, own_basis) as other_count
    from pair
),

-- totals only: rows below them are reclassified from year to year
paired as (
    select
        counted.identity_id,
        counted.document_id,
        counted.other_id,
        counted.other_count,
        own.source,
        own.fact,
        own.statement_code,
        own.fund_code,
        own.row_key,
        own.column_key,
        own.basis,
        own.label,
        own.amount_yuan as lhs,
        other.amount_yuan as rhs,
        own.half_width_yuan + other.half_width_yuan as tolerance,
        own.source_ref as lhs_ref,
        own.page_no,
        {{ number_text('own.reported_value', 'own.reported_decimals', true) }} || own.reported_unit as lhs_terms,
        {{ number_text('other.reported_value', 'other.reported_decimals', true) }} || other.reported_unit as rhs_terms,
        other.statement_code as other_statement_code,
        other.source as other_source
    from counted
    inner join line as own
        on counted.document_id = own.document_id and counted.own_basis = own.basis
    inner join line as other
        on
            counted.other_id = other.document_id
            and counted.other_basis = other.basis
            and own.fact = other.fact
            and own.fund_code = other.fund_code
            and own.column_key = other.column_key
            and case counted.identity_id
                when 'CROSS-003' then own.row_key = 'opening_carryover' and other.row_key = 'closing_carryover'
                else own.row_key = other.row_key
            end
    where
        case counted.identity_id
            when 'CROSS-001' then true
            when 'CROSS-003' then own.fact = 'balance'
            else own.row_key in ('total', 'total_income', 'total_expenditure')
        end
),

-- the form that agrees, else the same form, tables before text
nearest as (
    select *
    from paired
    qualify row_number() over (
        partition by identity_id, document_id, source, fact, statement_code, fund_code, row_key, column_key, basis
        order by greatest(abs(lhs - rhs) - tolerance, 0), (statement_code != other_statement_code), (other_source != 'table'), other_id
    ) = 1
),

told as (
    select
        nearest.*,
        coalesce(subject.name_zh, {{ printed_subject('nearest') }}) as subject_zh,
        coalesce(subject.name_en, {{ printed_subject('nearest') }}) as subject_en,
        form.name_zh as form_zh,
        form.name_en as form_en,
        file.file_name as other_file,
        case
            when abs(nearest.lhs - nearest.rhs) <= nearest.tolerance then 'pass'
            when nearest.other_count > 1 then 'not_evaluable'
            else 'fail'
        end as status
    from nearest
    inner join {{ ref('int_document__unit_identified') }} as file
        on nearest.other_id = file.document_id
    left join {{ ref('forms') }} as form
        on nearest.statement_code = form.statement_code
    left join subject
        on
            nearest.fact = subject.fact
            and nearest.row_key = subject.row_key
            and nearest.column_key = subject.column_key
)

select
    md5(concat_ws(
        '|', expected.document_id, expected.identity_id, told.source, told.fact, told.statement_code, told.fund_code, told.row_key,
        told.column_key, told.basis
    )) as check_key,
    expected.document_id,
    expected.identity_id,
    case
        when told.document_id is null then '-'
        else concat_ws('/', told.source, told.statement_code, told.fact, told.fund_code, told.row_key, told.column_key, told.basis)
    end as scope,
    'yuan' as value_unit,
    coalesce(told.status, 'not_applicable') as status,
    case when told.document_id is null then 'not_printed' when told.status = 'not_evaluable' then 'ambiguous' end as reason_code,
    cast(told.lhs as decimal(28, 4)) as lhs,
    cast(told.rhs as decimal(28, 4)) as rhs,
    cast(told.lhs - told.rhs as decimal(28, 4)) as difference,
    cast(told.tolerance as decimal(28, 8)) as tolerance,
    told.lhs_ref,
    cast(null as varchar) as rhs_ref,
    told.page_no,
    told.statement_code,
    told.fund_code,
    told.row_key,
    told.column_key,
    told.basis,
    '《' || told.form_zh || '》' || told.subject_zh || ' 印为 ' || told.lhs_terms || '，' || told.other_file || ' 印为 ' || told.rhs_terms || '。'
        as message_zh,
    '"' || told.form_en || '" prints ' || told.lhs_terms || ' for ' || told.subject_en || ', ' || told.other_file || ' prints ' || told.rhs_terms
    || '.' as message_en,
    told.lhs_terms,
    told.rhs_terms
from expected
left join told using (document_id, identity_id)
