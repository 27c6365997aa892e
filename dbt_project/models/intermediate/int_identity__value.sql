{%- set dimensions = ['source', 'fact', 'statement_code', 'fund_code', 'row_key', 'column_key', 'basis'] -%}

with line as (

    select * from {{ ref('int_identity__line') }}

),

rule as (

    select
        *,
        unnest(fact_filter) as matched_fact
    from {{ ref('int_identity__rule') }}

),

line_read_by_term as (

    select
        rule.identity_id,
        rule.side,
        rule.term_number,
        line.document_id,
        {%- for dimension in dimensions %}
        {%- if dimension == 'row_key' %}
        case
            when not rule.is_row_key_in_key then ''
            when rule.pick = 'row_children' then line.parent_row_key
            else line.row_key
        end as row_key,
        {%- elif dimension == 'column_key' %}
        case
            when not rule.is_column_key_in_key then ''
            when rule.pick = 'column_children' then line.parent_column_key
            else line.column_key
        end as column_key,
        {%- else %}
        case when rule.is_{{ dimension }}_in_key then line.{{ dimension }} else '' end as {{ dimension }},
        {%- endif %}
        {%- endfor %}
        line.statement_code as printed_statement_code,
        line.amount_yuan,
        line.half_width_yuan,
        line.line_number,
        line.source_ref,
        line.page_no,
        line.is_blank_parent
    from line
    inner join rule
        on
            line.fact = rule.matched_fact
            and (rule.source_filter is null or list_contains(rule.source_filter, line.source))
            and (rule.statement_code_filter is null or list_contains(rule.statement_code_filter, line.statement_code))
            and (rule.fund_code_filter is null or list_contains(rule.fund_code_filter, line.fund_code))
            and (rule.basis_filter is null or list_contains(rule.basis_filter, line.basis))
            and (rule.level_filter is null or list_contains(rule.level_filter, line.level))
            and case
                when rule.pick = 'row_children'
                    then line.parent_row_key is not null
                        and (rule.row_key_filter is null or list_contains(rule.row_key_filter, line.parent_row_key))
                else rule.row_key_filter is null or list_contains(rule.row_key_filter, line.row_key)
            end
            and case
                when rule.pick = 'column_children'
                    then line.parent_column_key is not null
                        and (
                            rule.column_key_filter is null
                            or list_contains(rule.column_key_filter, line.parent_column_key)
                        )
                else rule.column_key_filter is null or list_contains(rule.column_key_filter, line.column_key)
            end

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
    sum(amount_yuan) as amount_yuan,
    sum(half_width_yuan) as half_width_yuan,
    min(page_no) as page_no,
    list(line_number) filter (where amount_yuan is not null) as line_numbers,
    list_sort(list(source_ref) filter (where amount_yuan is not null)) as source_refs
from line_read_by_term
group by all
