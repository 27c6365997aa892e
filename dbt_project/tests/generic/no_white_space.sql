{#- No white space of any kind inside the text (line breaks and column widths leave some behind). -#}
{% test no_white_space(model, column_name) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} <> {{ squeeze(column_name) }}
{% endtest %}
