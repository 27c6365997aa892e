{#- In every year that a code is valid, the code it names as its parent is valid too. -#}
{% test parent_valid_throughout(model, code, parent_code, until_year=2035) %}
with child_year as (
    select
        {{ code }} as code,
        {{ parent_code }} as parent_code,
        unnest(range(valid_from_year, coalesce(valid_to_year, {{ until_year }}) + 1)) as valid_year
    from {{ model }}
    where {{ parent_code }} is not null
)

select child_year.*
from child_year
left join {{ model }} as parent
    on parent.{{ code }} = child_year.parent_code
    and child_year.valid_year between parent.valid_from_year
    and coalesce(parent.valid_to_year, {{ until_year }})
where parent.{{ code }} is null
{% endtest %}
