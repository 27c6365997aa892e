-- One row per term of an identity, document and key.
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
        line.document_id,
        {%- for dimension in dimensions %}
        case when rule.is_{{ dimension }}_in_key then {{ compared_column(dimension, 'rule', 'line') }} else '' end
            as {{ dimension }},
        {%- endfor %}
        line.statement_code as printed_statement_code,
        line.amount_yuan,
        line.half_width_yuan,
        line.source_ref,
        line.page_no,
        line.is_blank_parent,
        line.is_printed_again
    from line
    inner join rule
        on {{ is_read_by_term('rule', 'line', dimensions) | indent(8) }}

)

select
    identity_id,
    side,
    term_number,
    document_id,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    min(printed_statement_code) as printed_statement_code,
    count(*) as line_count,
    count(amount_yuan) as stated_count,
    coalesce(bool_or(amount_yuan <> 0), false) as has_nonzero,
    bool_or(is_blank_parent) as has_blank_parent,
    bool_or(is_printed_again) as has_printed_again,
    sum(amount_yuan) as amount_yuan,
    sum(half_width_yuan) as half_width_yuan,
    min(page_no) as page_no,
    string_agg(source_ref, ' ') filter (where amount_yuan is not null) as source_refs
from line_read_by_term
group by all
