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
