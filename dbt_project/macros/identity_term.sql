{#- How a term of an identity reads lines. Used where its figures are added up and where they are told. -#}

{#- Dimensions that a scope is made of. -#}
{% macro scope_dimensions() -%}
    {{ return(['source', 'fact', 'statement_code', 'fund_code', 'row_key', 'column_key', 'basis']) }}
{%- endmacro %}

{#- The column of a line that a term compares in one dimension: of details, the parent that they belong to. -#}
{% macro compared_column(dimension, rule, line) -%}
    {%- if dimension == 'row_key' -%}
    case when {{ rule }}.pick = 'row_children' then {{ line }}.parent_row_key else {{ line }}.row_key end
    {%- elif dimension == 'column_key' -%}
    case when {{ rule }}.pick = 'column_children' then {{ line }}.parent_column_key else {{ line }}.column_key end
    {%- else -%}
    {{ line }}.{{ dimension }}
    {%- endif -%}
{%- endmacro %}

{#- Boolean: the term reads the line. -#}
{% macro is_read_by_term(rule, line, dimensions) -%}
    {% for dimension in dimensions -%}
    (
        {{ rule }}.{{ dimension }}_filter is null
        or list_contains({{ rule }}.{{ dimension }}_filter, {{ compared_column(dimension, rule, line) }})
    )
    and {% endfor -%}
    ({{ rule }}.level_filter is null or list_contains({{ rule }}.level_filter, {{ line }}.level))
    and ({{ rule }}.pick <> 'row_children' or {{ line }}.parent_row_key is not null)
    and ({{ rule }}.pick <> 'column_children' or {{ line }}.parent_column_key is not null)
{%- endmacro %}
