{#- As dbt's own test, with whole rows: a row that breaks it says which document it is of. -#}
{% test unique(model, column_name) %}
select *
from {{ model }}
where {{ column_name }} is not null
qualify count(*) over (partition by {{ column_name }}) > 1
{% endtest %}
