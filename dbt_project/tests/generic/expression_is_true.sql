{#- Every row satisfies the expression; a null answer is a failure, not a pass by silence. -#}
{% test expression_is_true(model, expression) %}
select *
from {{ model }}
where ({{ expression }}) is distinct from true
{% endtest %}
