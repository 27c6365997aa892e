-- One row per term of an identity, document and key; per line where any line of several may agree.
{% set dimensions = scope_dimensions() -%}

with line as (

    select * from {{ ref('int_identity__line') }}

),

rule as (

    select * from {{ ref('int_identity__rule') }}

),

line_read_by_term as (

    select
        rule.identity_id,
        rule.side,
        rule.term_number,
        related.document_id,
        {%- for dimension in dimensions %}
        case when rule.is_{{ dimension }}_in_key then {{ compared_column(dimension, 'rule', 'line') }} else '' end
            as {{ dimension }},
        {%- endfor %}
        line.statement_code as printed_statement_code,
        line.amount,
        line.half_width,
        line.value_unit,
        -- a figure of another document is not printed in this one
        case when rule.document = 'own' then line.source_ref end as source_ref,
        case when rule.document = 'own' then line.page_no end as page_no,
        case when rule.pick = 'any' then concat_ws(' ', line.document_id, line.source_ref, line.row_key, line.column_key) else '' end as choice,
        related.file_name,
        related.is_one_of_several,
        line.is_blank_parent,
        line.is_printed_again
    from line
    inner join rule
        on {{ is_read_by_term('rule', 'line', dimensions) | indent(8) }}
    inner join {{ ref('int_identity__related_document') }} as related
        on line.document_id = related.other_id and rule.document = related.relation
    where rule.pick <> 'any' or line.amount is not null

)

select
    identity_id,
    side,
    term_number,
    document_id,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    choice,
    min(printed_statement_code) as printed_statement_code,
    count(*) as line_count,
    count(amount) as stated_count,
    coalesce(bool_or(amount <> 0), false) as has_nonzero,
    bool_or(is_blank_parent) as has_blank_parent,
    bool_or(is_printed_again) as has_printed_again,
    sum(amount) as amount,
    sum(half_width) as half_width,
    min(value_unit) as value_unit,
    min(file_name) as file_name,
    bool_or(is_one_of_several) as is_one_of_several,
    min(page_no) as page_no,
    string_agg(source_ref, ' ') filter (where amount is not null) as source_refs
from line_read_by_term
group by all
