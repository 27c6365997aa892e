-- One row per figure printed again with another value, compared with its first printing.
with printing as (

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
    repeated.document_id,
    case repeated.source when 'narrative' then 'REPEAT-002' else 'REPEAT-001' end as identity_id,
    concat_ws(
        '/', repeated.statement_code, repeated.fund_code, repeated.row_key, repeated.column_key, repeated.basis, repeated.occurrence
    ) as place,
    'yuan' as value_unit,
    repeated.lhs,
    repeated.rhs,
    repeated.tolerance,
    repeated.lhs_ref,
    repeated.rhs_ref,
    repeated.page_no,
    repeated.statement_code,
    repeated.fund_code,
    repeated.row_key,
    repeated.column_key,
    repeated.basis,
    {{ arguments(
        form=['form.name_zh', 'form.name_en'],
        subject="concat_ws(' ', repeated.row_key, nullif(repeated.row_name, repeated.row_key), nullif(repeated.column_key, 'total'))",
        first=['repeated.original_zh', 'repeated.original_en'],
        again=['repeated.again_zh', 'repeated.again_en']
    ) }} as arguments,
    repeated.again_zh as lhs_terms,
    repeated.original_zh as rhs_terms
from repeated
left join {{ ref('forms') }} as form
    on repeated.statement_code = form.statement_code
