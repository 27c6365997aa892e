{#- Rates of performance forms, in percent. -#}

{#- Half a unit of the last place that a rate or a score shows, trailing zeros not counted: 100.00 -> 0.5, 98.2 -> 0.05. -#}
{% macro half_width_shown(value) -%}
    cast(
        '0.' || repeat('0', length(rtrim(split_part(cast({{ value }} as varchar), '.', 2), '0'))) || '5' as decimal(28, 8)
    )
{%- endmacro %}
