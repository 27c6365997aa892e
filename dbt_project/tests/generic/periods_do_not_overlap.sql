{#- One key has at most one row in any year, and no year is missing between its first and its last. -#}
{% test periods_do_not_overlap(model, key, from_year='valid_from_year', to_year='valid_to_year') %}
with period as (
    select
        {{ key }} as period_key,
        {{ from_year }} as from_year,
        {{ to_year }} as to_year,
        lead({{ from_year }}) over (partition by {{ key }} order by {{ from_year }}) as next_from_year
    from {{ model }}
)

select *
from period
where to_year < from_year
    or (next_from_year is not null and to_year + 1 is distinct from next_from_year)
{% endtest %}
