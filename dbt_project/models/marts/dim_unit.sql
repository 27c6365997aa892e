-- One row per budget unit that publishes, under the name that it printed last; a document that names no unit has its own row.
with document as (
    select * from {{ ref('int_document__unit_identified') }}
),

latest_name as (
    select
        unit_id,
        arg_max(unit_name, (coalesce(fiscal_year, 0), document_id)) as unit_name,
        arg_max(unit_kind, (coalesce(fiscal_year, 0), document_id)) as unit_kind,
        arg_max(region_name, (coalesce(fiscal_year, 0), document_id)) as printed_region
    from document
    group by unit_id
),

latest_region as (
    select
        unit_id,
        region_code,
        zone_name
    from document
    where region_code is not null
    qualify row_number() over (
        partition by unit_id
        order by fiscal_year desc nulls last, document_id desc
    ) = 1
)

select
    latest_name.unit_id,
    latest_name.unit_name,
    latest_name.unit_kind,
    case when latest_region.zone_name is null then latest_region.region_code end as region_code,
    coalesce(latest_region.zone_name, region.name_zh, latest_name.printed_region) as region_name,
    province.name_zh as province_name,
    city.name_zh as city_name,
    case when region.level = 'county' then region.name_zh end as county_name
from latest_name
left join latest_region
    on latest_name.unit_id = latest_region.unit_id
left join {{ ref('region') }} as region
    on latest_region.region_code = region.region_code
left join {{ ref('region') }} as province
    on left(latest_region.region_code, 2) || '0000' = province.region_code and province.level = 'province'
left join {{ ref('region') }} as city
    on left(latest_region.region_code, 4) || '00' = city.region_code and city.level = 'city'
