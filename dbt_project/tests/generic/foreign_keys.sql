{#- The values of columns ({column: model.column}) are found where they point; null points nowhere. Whole rows say which
    document breaks it, `broken_columns` where. One test per model: a test costs as much as the query that it runs. -#}
{% test foreign_keys(model, keys) %}
select *
from (
    select
        concat_ws(
            ', ',
            {%- for column, target in keys.items() %}
            {%- set target_model, target_column = target.split('.') %}
            case
                when {{ column }} is not null
                    and {{ column }} not in (
                        select {{ target_column }} from {{ ref(target_model) }} where {{ target_column }} is not null
                    )
                    then '{{ column }}'
            end{{ ',' if not loop.last }}
            {%- endfor %}
        ) as broken_columns,
        *
    from {{ model }}
)
where broken_columns != ''
{% endtest %}
