-- One row per failed sum of a form whose difference stands in the same column of its table, in a row that neither side has.
{% set least_digits = 2 -%}
with failed as (

    select
        checked.check_key,
        checked.document_id,
        checked.difference,
        checked.tolerance,
        checked.lhs_ref,
        concat_ws(' ', checked.lhs_ref, checked.rhs_ref) as refs,
        regexp_extract(checked.lhs_ref, '^(p[0-9]+t[0-9]+)r[0-9]+c[0-9]+$', 1) as table_ref,
        regexp_extract(checked.lhs_ref, '^p[0-9]+t[0-9]+r[0-9]+(c[0-9]+)$', 1) as column_ref
    from {{ ref('int_identity__equation_checked') }} as checked
    inner join {{ ref('identities') }} as identity using (identity_id)
    where
        checked.status = 'fail'
        and identity.family = 'sum'
        and regexp_matches(checked.lhs_ref, '^p[0-9]+t[0-9]+r[0-9]+c[0-9]+$')
        and length(trim(replace(cast(checked.difference as varchar), '.', ''), '-0')) >= {{ least_digits }}

),

printed as (

    select
        document_id,
        source_ref,
        regexp_extract(source_ref, '^p[0-9]+t[0-9]+') as table_ref,
        regexp_extract(source_ref, '^p[0-9]+t[0-9]+r[0-9]+(c[0-9]+)$', 1) as column_ref,
        abs(printed_value) * unnest({{ money_units() | map(attribute='factor_yuan') | list }}) as amount_yuan
    from {{ ref('int_figure__printed_in_table') }}
    where
        printed_value != 0
        and document_id in (select document_id from failed)

)

select distinct
    failed.check_key,
    failed.document_id
from failed
inner join printed
    on
        failed.document_id = printed.document_id
        and failed.table_ref = printed.table_ref
        and failed.column_ref = printed.column_ref
        and printed.amount_yuan between abs(failed.difference) - failed.tolerance and abs(failed.difference) + failed.tolerance
where not list_contains(string_split(failed.refs, ' '), printed.source_ref)
