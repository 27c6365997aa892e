-- One row per failed sum of a form in whose column its table prints what is missing: an amount that makes the difference, or one that no rule
-- could read, in a row that neither side has.
{% set least_digits = 2 -%}
{% set cell = '^([^ ]+)r[0-9]+c([0-9]+)$' -%}
with failed as (

    select
        checked.check_key,
        checked.document_id,
        checked.difference,
        checked.tolerance,
        checked.lhs_ref,
        concat_ws(' ', checked.lhs_ref, checked.rhs_ref) as refs,
        regexp_extract(checked.lhs_ref, '{{ cell }}', 1) as table_ref,
        regexp_extract(checked.lhs_ref, '{{ cell }}', 2) as column_ref
    from {{ ref('int_identity__equation_checked') }} as checked
    inner join {{ ref('identities') }} as identity using (identity_id)
    where
        checked.status = 'fail'
        and identity.family = 'sum'
        and regexp_matches(checked.lhs_ref, '{{ cell }}')
        and length(trim(replace(cast(checked.difference as varchar), '.', ''), '-0')) >= {{ least_digits }}

),

printed as (

    select
        figure.document_id,
        figure.source_ref,
        regexp_extract(figure.source_ref, '{{ cell }}', 1) as table_ref,
        regexp_extract(figure.source_ref, '{{ cell }}', 2) as column_ref,
        abs(figure.printed_value) as printed_value,
        coalesce(accounted.reason_code in ('line_unknown', 'meaning_unknown'), false) as is_unread
    from {{ ref('int_figure__printed_in_table') }} as figure
    left join {{ ref('int_figure__accounted') }} as accounted
        on figure.document_id = accounted.document_id and figure.source_ref = accounted.source_ref
    where
        figure.printed_value != 0
        and figure.document_id in (select document_id from failed)

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
        and (
            printed.is_unread
            {%- for unit in money_units() %}
            or abs(printed.printed_value * {{ unit.factor_yuan }} - abs(failed.difference)) <= failed.tolerance
            {%- endfor %}
        )
where not list_contains(string_split(failed.refs, ' '), printed.source_ref)
