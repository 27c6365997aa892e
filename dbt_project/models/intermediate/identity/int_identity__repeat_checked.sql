-- One row per figure printed again with another value, compared with its first printing.
with expected as (

    select
        document_id,
        identity_id,
        case when identity_id = 'REPEAT-002' then 'narrative' else 'table' end as source
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__repeat_checked'

),

printing as (

    select *
    from {{ ref('int_line__unified') }}
    where
        amount_yuan is not null
        and basis <> 'change_from_prior_year'

),

printed_again as (

    select *
    from printing
    where occurrence > 1

),

paired as (

    select
        again.document_id,
        again.source,
        again.statement_code,
        again.fund_code,
        again.row_key,
        {{ bare_name('again.label') }} as row_name,
        again.column_key,
        again.basis,
        again.occurrence,
        again.page_no,
        again.amount_yuan as lhs,
        original.amount_yuan as rhs,
        again.half_width_yuan + original.half_width_yuan as tolerance,
        again.source_ref as lhs_ref,
        original.source_ref as rhs_ref,
        again.reported_unit as lhs_unit,
        original.reported_unit as rhs_unit,
        again.reported_decimals as lhs_decimals,
        original.reported_decimals as rhs_decimals,
        {{ unit_in_english('again.reported_unit') }} as lhs_unit_en,
        {{ unit_in_english('original.reported_unit') }} as rhs_unit_en
    from printed_again as again
    inner join printing as original
        on
            again.document_id = original.document_id
            and again.source = original.source
            and again.fact = original.fact
            and again.statement_code = original.statement_code
            and again.fund_code = original.fund_code
            and again.basis = original.basis
            and again.row_key = original.row_key
            and again.column_key = original.column_key
            and original.occurrence = 1

),

repeated as (

    select
        *,
        {{ printed_amount('lhs', 'lhs_unit', 'lhs_decimals', 'lhs_unit') }} as again_zh,
        {{ printed_amount('rhs', 'rhs_unit', 'rhs_decimals', 'rhs_unit') }} as original_zh,
        {{ printed_amount('lhs', 'lhs_unit', 'lhs_decimals', 'lhs_unit_en') }} as again_en,
        {{ printed_amount('rhs', 'rhs_unit', 'rhs_decimals', 'rhs_unit_en') }} as original_en
    from paired

)

select
    md5(concat_ws(
        '|', expected.document_id, expected.identity_id, repeated.statement_code, repeated.fund_code, repeated.row_key,
        repeated.column_key, repeated.basis, repeated.occurrence, repeated.lhs_ref
    )) as check_key,
    expected.document_id,
    expected.identity_id,
    case
        when repeated.document_id is null then '-'
        else concat_ws(
            '/', repeated.statement_code, repeated.fund_code, repeated.row_key, repeated.column_key, repeated.basis,
            repeated.occurrence
        )
    end as scope,
    'yuan' as value_unit,
    case
        when repeated.document_id is null then 'not_applicable'
        when abs(repeated.lhs - repeated.rhs) <= repeated.tolerance then 'pass'
        else 'fail'
    end as status,
    case when repeated.document_id is null then 'not_printed' end as reason_code,
    cast(repeated.lhs as decimal(28, 4)) as lhs,
    cast(repeated.rhs as decimal(28, 4)) as rhs,
    cast(repeated.lhs - repeated.rhs as decimal(28, 4)) as difference,
    cast(repeated.tolerance as decimal(28, 8)) as tolerance,
    repeated.lhs_ref,
    repeated.rhs_ref,
    repeated.page_no,
    repeated.statement_code,
    repeated.fund_code,
    repeated.row_key,
    repeated.column_key,
    repeated.basis,
    '“' || form.name_zh || '”'
    || case when repeated.source = 'narrative' then '的说明中 ' else '中 ' end
    || concat_ws(' ', repeated.row_key, nullif(repeated.row_name, repeated.row_key), nullif(repeated.column_key, 'total'))
    || ' 先列 ' || repeated.original_zh || '，又列 ' || repeated.again_zh || '。' as message_zh,
    concat_ws(' ', repeated.row_key, nullif(repeated.row_name, repeated.row_key), nullif(repeated.column_key, 'total'))
    || case when repeated.source = 'narrative' then ' in the text on "' else ' in "' end
    || form.name_en || '" is first ' || repeated.original_en || ', then ' || repeated.again_en || '.' as message_en,
    repeated.again_zh as lhs_terms,
    repeated.original_zh as rhs_terms
from expected
left join repeated using (document_id, source)
left join {{ ref('forms') }} as form
    on repeated.statement_code = form.statement_code
