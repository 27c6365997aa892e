{#- Numbers as a reader sees them. Decimal arithmetic and text only. -#}

{#- A decimal as text with at least `decimals` places, trailing zeros beyond them dropped; commas group threes on request. -#}
{% macro number_text(value, decimals, is_grouped=false) -%}
    {%- set digits = "cast(abs(cast(" ~ value ~ " as decimal(38, 16))) as varchar)" -%}
    {%- set whole = "split_part(" ~ digits ~ ", '.', 1)" -%}
    {%- set fraction = "rtrim(split_part(" ~ digits ~ ", '.', 2), '0')" -%}
    {%- set places = "greatest(length(" ~ fraction ~ "), " ~ decimals ~ ")" -%}
    case when {{ value }} < 0 then '-' else '' end
    {% if is_grouped -%}
    || reverse(rtrim(regexp_replace(reverse({{ whole }}), '([0-9]{3})', '\1,', 'g'), ','))
    {%- else -%}
    || {{ whole }}
    {%- endif %}
    || case when {{ places }} > 0 then '.' || rpad({{ fraction }}, cast({{ places }} as integer), '0') else '' end
{%- endmacro %}

{#- Yuan in the unit of the print: DECIMAL(38,16). -#}
{% macro in_printed_unit(amount_yuan, unit) -%}
    cast({{ amount_yuan }} as decimal(28, 8)) * cast(
        case {{ unit }}
            {%- for each in money_units() %}
            when '{{ each.unit }}' then {{ '%.8f' | format(1 / each.factor_yuan) }}
            {%- endfor %}
            else 1
        end as decimal(9, 8)
    )
{%- endmacro %}

{#- Yuan in the unit of the print as text, grouped, followed by the unit. -#}
{% macro printed_amount(amount_yuan, unit, decimals, unit_text) -%}
    {{ number_text("(" ~ in_printed_unit(amount_yuan, unit) ~ ")", decimals, true) }} || {{ unit_text }}
{%- endmacro %}

{#- A unit of money in English, with a leading space. -#}
{% macro unit_in_english(unit) -%}
    case {{ unit }}
        {%- for each in money_units() %}
        when '{{ each.unit }}' then ' {{ each.name_en }}'
        {%- endfor %}
        else ' ' || {{ unit }}
    end
{%- endmacro %}

{#- The name of a row without the ordinal or code printed before it ('一、', '3.', '201 '). -#}
{% macro bare_name(label) -%}
    trim(regexp_replace({{ label }}, '^(?:[一二三四五六七八九十]+、|[0-9]+[.．、]?)[[:space:]]*', ''))
{%- endmacro %}

{#- What a line is about as it is printed: its code and its name, for a row that no seed names. -#}
{% macro printed_subject(line) -%}
    concat_ws(' ', nullif({{ line }}.row_key, 'total'), {{ bare_name(line ~ '.label') }})
{%- endmacro %}
