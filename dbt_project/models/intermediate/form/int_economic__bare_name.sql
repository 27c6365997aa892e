-- One row per name of the economic classification, without 支出 at its end: the one code that it means in basic expenditure, if it means one.
with economic_classification as (
    select
        code,
        level,
        basic_form_total is not null as is_basic,
        regexp_replace({{ squeeze(fold_width('name_zh')) }}, '支出$', '') as name_key
    from {{ ref('economic_classification') }}
    where code < '5' and valid_to_year is null
)

select
    name_key,
    case
        when count(distinct code) = 1 then min(code)
        when count(distinct code) filter (where is_basic) = 1 then min(code) filter (where is_basic)
        when count(distinct code) filter (where level = 'class') = 1 then min(code) filter (where level = 'class')
    end as economic_code
from economic_classification
group by name_key
