{#- As dbt's own test, with whole rows: a row that breaks it says which document it is of. -#}
{% test relationships(model, column_name, to, field) %}
select child.*
from {{ model }} as child
left join {{ to }} as parent
    on child.{{ column_name }} = parent.{{ field }}
where child.{{ column_name }} is not null and parent.{{ field }} is null
{% endtest %}
