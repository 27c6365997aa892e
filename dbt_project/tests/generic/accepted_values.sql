{#- As dbt's own test, with whole rows: a row that breaks it says which document it is of. -#}
{% test accepted_values(model, column_name, values, quote=true) %}
select *
from {{ model }}
where {{ column_name }} not in ({% for value in values %}{{ "'" ~ value ~ "'" if quote else value }}{{ ', ' if not loop.last }}{% endfor %})
{% endtest %}
