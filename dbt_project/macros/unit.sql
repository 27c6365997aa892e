{#- Units of money. Never a default: a text that names no unit, or two of them, or a foreign
    one, gives null. -#}

{#- '单位：万元', '（万元）', '人民币万元' -> '万元'. One of the seed money_unit; null otherwise. -#}
{% macro unit_name(unit_text) -%}
    {%- set squeezed = squeeze(fold_width(unit_text)) -%}
    {%- set names = "list_distinct(regexp_extract_all(" ~ squeezed ~ ", '[十百千万亿]*元'))" -%}
    case
        when regexp_matches({{ squeezed }}, '[美欧日港澳韩英]元') then null
        when len({{ names }}) = 1 and {{ names }}[1] in ({{ money_unit_literals() }})
            then {{ names }}[1]
    end
{%- endmacro %}

{#- The money units as a list of SQL literals: '元', '千元' … -#}
{% macro money_unit_literals() -%}
    '{{ money_units() | map(attribute='unit') | join("', '") }}'
{%- endmacro %}

{#- DECIMAL(9,0): yuan in one of the unit. -#}
{% macro unit_factor(unit_text) -%}
    cast(case {{ unit_name(unit_text) }}
        {%- for each in money_units() %}
        when '{{ each.unit }}' then {{ each.factor_yuan }}
        {%- endfor %}
    end as decimal(9, 0))
{%- endmacro %}

{#- DECIMAL(20,2): a parsed amount in yuan, rounded half away from zero at the fen. -#}
{% macro to_yuan(value, unit_text) -%}
    try_cast(cast({{ value }} as decimal(20, 6)) * {{ unit_factor(unit_text) }} as decimal(20, 2))
{%- endmacro %}

{#- DECIMAL(28,8): half a unit of the last printed place, in yuan: ½ · 10⁻ᵈ · unit. -#}
{% macro half_width_yuan(decimals, unit_text) -%}
    case
        when {{ decimals }} is not null
            then cast(
                cast('0.' || repeat('0', least({{ decimals }}, 15)) || '5' as decimal(28, 16))
                * {{ unit_factor(unit_text) }} as decimal(28, 8)
            )
    end
{%- endmacro %}
