-- One row per region of GB/T 2260, and per development zone that publishes and has no code.
with region as (
    select * from {{ ref('region') }}
),

zone as (
    select distinct
        zone_name,
        region_code as parent_code
    from {{ ref('int_document__unit_identified') }}
    where zone_name is not null
),

listed as (
    select
        region_code,
        name_zh,
        level,
        parent_code,
        valid_to_year
    from region
    union all by name
    select
        zone_name as name_zh,
        'zone' as level,
        parent_code
    from zone
)

select
    listed.region_code,
    listed.name_zh,
    listed.level,
    listed.parent_code,
    province.name_zh as province_name,
    city.name_zh as city_name,
    county.name_zh as county_name,
    cast(listed.valid_to_year as integer) as valid_to_year
from listed
left join region as province
    on left(coalesce(listed.region_code, listed.parent_code), 2) || '0000' = province.region_code and province.level = 'province'
left join region as city
    on left(coalesce(listed.region_code, listed.parent_code), 4) || '00' = city.region_code and city.level = 'city'
left join region as county
    on coalesce(listed.region_code, listed.parent_code) = county.region_code and county.level = 'county'
