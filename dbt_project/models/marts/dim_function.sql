-- One row per functional classification code, under its latest name.
with dated_name as (
    select * from {{ ref('int_function__dated_name') }}
),

life as (
    select
        function_code,
        min(valid_from_year) as valid_from_year,
        list(name_zh order by valid_from_year) filter (where not is_latest) as former_names
    from dated_name
    group by function_code
)

select
    dated_name.function_code,
    dated_name.level,
    dated_name.name_zh,
    dated_name.name_en,
    dated_name.parent_code,
    dated_name.class_code,
    dated_name.section_code,
    life.valid_from_year,
    dated_name.valid_to_year,
    coalesce(life.former_names, []) as former_names,
    dated_name.evidence,
    dated_name.confidence
from dated_name
inner join life
    on life.function_code = dated_name.function_code
where dated_name.is_latest
