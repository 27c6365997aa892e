{#- The rows of a model that checks identities: each thing that `told` found, and one row for each identity of the model that a
    document prints nothing for. Columns of `told`: document_id, identity_id, place, value_unit, is_broken, reason_code (why it is not
    evaluable, else null), lhs, rhs, difference, tolerance, lhs_ref, rhs_ref, page_no, statement_code, row_key, message_zh, message_en. -#}
{% macro checks_of(evaluation, told) -%}
select
    md5(concat_ws('|', expected.document_id, expected.identity_id, told.place)) as check_key,
    expected.document_id,
    expected.identity_id,
    coalesce(told.place, '-') as scope,
    coalesce(told.value_unit, 'count') as value_unit,
    case
        when told.document_id is null then 'not_applicable'
        when told.reason_code is not null then 'not_evaluable'
        when told.is_broken then 'fail'
        else 'pass'
    end as status,
    case when told.document_id is null then 'not_printed' else told.reason_code end as reason_code,
    cast(told.lhs as decimal(28, 4)) as lhs,
    cast(told.rhs as decimal(28, 4)) as rhs,
    cast(told.difference as decimal(28, 4)) as difference,
    cast(told.tolerance as decimal(28, 8)) as tolerance,
    told.lhs_ref,
    told.rhs_ref,
    told.page_no,
    told.statement_code,
    cast(null as varchar) as fund_code,
    told.row_key,
    cast(null as varchar) as column_key,
    cast(null as varchar) as basis,
    told.message_zh,
    told.message_en,
    cast(null as varchar) as lhs_terms,
    cast(null as varchar) as rhs_terms
from {{ ref('int_identity__expected') }} as expected
left join {{ told }} as told using (document_id, identity_id)
where expected.evaluation = '{{ evaluation }}'
{%- endmacro %}
