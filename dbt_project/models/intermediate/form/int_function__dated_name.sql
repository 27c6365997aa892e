-- One row per functional classification code and validity period of its name.
with function_classification as (
    select * from {{ ref('function_classification') }}
),

placed as (
    select
        *,
        left(code, 3) as class_code,
        case when length(code) >= 5 then left(code, 5) end as section_code,
        {{ squeeze(fold_width('name_zh')) }} as name_key,
        row_number() over (partition by code order by valid_from_year desc) = 1 as is_latest
    from function_classification
)

select
    code as function_code,
    level,
    name_zh,
    name_en,
    name_key,
    parent_code,
    class_code,
    section_code,
    valid_from_year,
    valid_to_year,
    is_latest,
    evidence,
    confidence
from placed
