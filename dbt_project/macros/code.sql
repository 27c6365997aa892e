{#- Codes of the classifications as they are printed in a row. -#}

{#- A list of printed code parts as one code: [201, 3, 1] -> 2010301; [201, 20103, 2010301] -> the last, which is whole. -#}
{% macro joined_code(parts) -%}
    case
        when length({{ parts }}[-1]) in (5, 7) and starts_with({{ parts }}[-1], {{ parts }}[1]) then {{ parts }}[-1]
        when length({{ parts }}[1]) = 3
            then {{ parts }}[1] || coalesce(array_to_string(list_transform({{ parts }}[2:], lambda part: lpad(part, 2, '0')), ''), '')
        when len({{ parts }}) = 1 then {{ parts }}[1]
    end
{%- endmacro %}


{#- A path of function names and digits as printed, from class to item; null where a row prints none. -#}
{% macro function_path() -%}
nullif(
        coalesce(class_name, '') || '/' || coalesce(section_name, '') || '/' || coalesce(item_name, '')
        || '/' || coalesce(function_code_text, ''),
        '///'
    )
{%- endmacro %}


{#- What a row's key adds for the figures of one budget unit or of one part of the budget: '' for the publisher's whole. -#}
{% macro share_suffix(budget_unit_name, budget_part) -%}
    concat(coalesce('@' || {{ budget_unit_name }}, ''), coalesce('@' || {{ budget_part }}, ''))
{%- endmacro %}

{#- Boolean: one coded row lies below another: it has a finer code, or crosses its function with an economic class. -#}
{% macro is_finer(child, parent) -%}
    {{ printed_digits(child) }} > {{ printed_digits(parent) }}
    and {{ printed_digits(parent) }} > 0
    and starts_with(coalesce({{ child }}.code, ''), coalesce({{ parent }}.code, ''))
    and ({{ parent }}.economic_code is null or starts_with({{ child }}.economic_code, {{ parent }}.economic_code))
    and (
        {{ parent }}.government_economic_code is null
        or starts_with({{ child }}.government_economic_code, {{ parent }}.government_economic_code)
    )
{%- endmacro %}

{#- How many digits a row's codes have together. -#}
{% macro printed_digits(row) -%}
    length(concat({{ row }}.code, {{ row }}.economic_code, {{ row }}.government_economic_code))
{%- endmacro %}

{#- The name of an economic class as names are compared: without 的, without 支出 at its end. -#}
{% macro bare_class(name) -%}
    regexp_replace({{ squeeze(fold_width(name)) }}, '的|支出$', '', 'g')
{%- endmacro %}

{#- The code of a government economic class that is printed before or behind a name: 501机关工资福利支出, 机关工资福利支出（501）. -#}
{% macro printed_government_code(name) -%}
nullif(regexp_extract(regexp_extract({{ fold_width(name) }}, '^5[0-9]{2,4}|[(]5[0-9]{2,4}[)]$', 0), '[0-9]+', 0), '')
{%- endmacro %}
