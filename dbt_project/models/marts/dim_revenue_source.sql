-- One row per revenue source.
select
    revenue_source,
    revenue_source as code,
    name_zh,
    name_en,
    parent_source
from {{ ref('revenue_source') }}
