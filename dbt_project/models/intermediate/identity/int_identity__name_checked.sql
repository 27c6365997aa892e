-- One row per form whose codes and names are compared with the classification: codes as it writes them, names that belong to their codes, codes
-- in force in the fiscal year.
with cell as (
    select *
    from {{ ref('int_form_cell__code_resolved') }}
    where
        row_role = 'coded'
        and printed_code is not null
        and amount_state != 'blank'
        and fact in ('expenditure', 'revenue', 'economic', 'project_budget')
        -- places divide the sections of the economic classification themselves
        and not (fact = 'economic' and (printed_code >= '5' or length(printed_code) = 7))
),

dated as (
    select
        'function' as kind,
        function_code as code,
        level,
        name_key,
        valid_from_year,
        valid_to_year,
        confidence
    from {{ ref('int_function__dated_name') }}
    union all
    select
        'economic' as kind,
        code,
        level,
        {{ squeeze(fold_width('name_zh')) }} as name_key,
        valid_from_year,
        valid_to_year,
        confidence
    from {{ ref('economic_classification') }}
    where code < '5'
),

classified as (
    select
        kind,
        code,
        level,
        name_key,
        min(valid_from_year) as valid_from_year,
        bool_or(confidence = 'verified') as is_verified
    from dated
    group by
        kind,
        code,
        level,
        name_key
),

named as (
    select
        kind,
        level,
        name_key,
        min(code) as codes,
        min(valid_from_year) as valid_from_year
    from classified
    group by
        kind,
        level,
        name_key
    having count(*) = 1 and bool_and(is_verified)
),

-- years of validity may be off by one
period as (
    select
        kind,
        code,
        min(valid_from_year) - 1 as year_from,
        max(coalesce(valid_to_year, 9999)) + 1 as year_to
    from dated
    group by
        kind,
        code
),

printed as (
    select
        document_id,
        statement_code,
        form_no,
        row_no,
        fiscal_year,
        code_text,
        printed_code,
        label,
        label_key,
        case when fact = 'economic' then 'economic' else 'function' end as kind,
        min(source_ref) as source_ref,
        min(page_no) as page_no,
        regexp_matches(code_text, '(^| )[0-9]( |$)') as is_short,
        regexp_matches(code_text, '(^| )0[0-9]( |$)') as is_zero_led
    from cell
    group by all
),

name_looked_up as (
    select
        printed.*,
        own.code is not null as is_own_name,
        named.codes as code_of_name,
        -- a form that writes no zero anywhere has been through a converter
        printed.is_short and bool_or(printed.is_zero_led) over (partition by printed.document_id, printed.form_no) as is_unlike_the_others,
        -- before its first year the name may have been that of another code
        own.code is null and named.codes is not null and coalesce(printed.fiscal_year >= named.valid_from_year, true)
        -- a section that several classes have under one number may be one that the catalogue lacks
        and not (period.code is null and right(named.codes, 2) = right(printed.printed_code, 2)) as is_of_another,
        period.code is null or printed.fiscal_year not between period.year_from and period.year_to as is_out_of_force
    from printed
    left join classified as own
        on
            printed.kind = own.kind
            and printed.printed_code = own.code
            and printed.label_key = own.name_key
    left join named
        on
            printed.kind = named.kind
            and printed.label_key = named.name_key
            and named.level = case length(printed.printed_code) when 3 then 'class' when 5 then 'section' else 'item' end
    left join period
        on
            printed.kind = period.kind
            and printed.printed_code = period.code
),

ruled as (
    select
        'NAME-001' as identity_id,
        *,
        true as is_decided,
        is_unlike_the_others as is_wrong,
        '“' || code_text || '”（' || printed_code || ' ' || label || '）' as row_text
    from name_looked_up
    union all by name
    select
        'NAME-002' as identity_id,
        *,
        is_own_name or is_of_another as is_decided,
        is_of_another as is_wrong,
        printed_code || ' “' || label || '”（该名称的编码为 ' || code_of_name || '）' as row_text
    from name_looked_up
    union all by name
    select
        'NAME-003' as identity_id,
        *,
        fiscal_year is not null as is_decided,
        coalesce(fiscal_year is not null and is_out_of_force, false) as is_wrong,
        printed_code || ' “' || label || '”' as row_text
    from name_looked_up
),

counted as (
    select
        identity_id,
        document_id,
        statement_code,
        form_no,
        kind,
        count(*) filter (where is_decided) as decided_count,
        count(*) filter (where is_wrong) as wrong_count,
        string_agg(row_text, '、' order by row_no) filter (where is_wrong) as wrong_rows,
        arg_min(source_ref, row_no) filter (where is_wrong) as source_ref,
        arg_min(page_no, row_no) filter (where is_wrong) as page_no
    from ruled
    group by
        identity_id,
        document_id,
        statement_code,
        form_no,
        kind
),

statement as (
    select * from {{ ref('forms') }}
)

select
    counted.document_id,
    counted.identity_id,
    concat_ws('/', counted.statement_code, counted.form_no, counted.kind) as place,
    'count' as value_unit,
    case when counted.wrong_count = 0 and counted.decided_count = 0 then 'term_missing' end as reason_code,
    counted.wrong_count as lhs,
    0 as rhs,
    0 as tolerance,
    counted.source_ref as lhs_ref,
    counted.page_no,
    counted.statement_code,
    {{ arguments(form=['statement.name_zh', 'statement.name_en'], count='counted.wrong_count', rows='left(counted.wrong_rows, 160)') }} as arguments
from counted
left join statement
    on counted.statement_code = statement.statement_code
