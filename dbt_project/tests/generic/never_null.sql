{#- Every row states each of the columns. One test per model: a test costs as much as the query that it runs. -#}
{% test never_null(model, columns) %}
select *
from {{ model }}
where {{ columns | join(' is null or ') }} is null
{% endtest %}
