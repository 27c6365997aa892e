{#- The rows of the seed money_unit: macros cannot read a file, so they stand here as data. A test compares the two. -#}
{% macro money_units() -%}
    {{ return([
        {'unit': '元', 'factor_yuan': 1, 'name_en': 'yuan'},
        {'unit': '千元', 'factor_yuan': 1000, 'name_en': 'x 1,000 yuan'},
        {'unit': '万元', 'factor_yuan': 10000, 'name_en': 'x 10,000 yuan'},
        {'unit': '百万元', 'factor_yuan': 1000000, 'name_en': 'x 1,000,000 yuan'},
        {'unit': '亿元', 'factor_yuan': 100000000, 'name_en': 'x 100,000,000 yuan'},
    ]) }}
{%- endmacro %}
