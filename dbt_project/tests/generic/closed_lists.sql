{#- The values of columns ({column: list}) are codes of the seed closed_list; null is the contract's matter. Whole rows say
    which document breaks it, `broken_columns` where. One test per model: a test costs as much as the query that it runs. -#}
{% test closed_lists(model, columns) %}
select *
from (
    select
        concat_ws(
            ', ',
            {%- for column, list_name in columns.items() %}
            case
                when {{ column }} is not null
                    and cast({{ column }} as varchar) not in (
                        select code from {{ ref('closed_list') }} where list_name = '{{ list_name }}'
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
