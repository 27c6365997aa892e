-- One row per subject of figures that is not in a classification: its name.
select
    'balance' as fact,
    item as row_key,
    'amount' as column_key,
    name_zh,
    name_en
from {{ ref('balance_item') }}
union all
select
    'three_public' as fact,
    item as row_key,
    'amount' as column_key,
    name_zh,
    name_en
from {{ ref('three_public_item') }}
union all
select
    'metric' as fact,
    metric_code as row_key,
    'amount' as column_key,
    name_zh,
    name_en
from {{ ref('metric') }}
union all
select
    'revenue' as fact,
    'total' as row_key,
    revenue_source as column_key,
    name_zh,
    name_en
from {{ ref('revenue_source') }}
union all
select
    'expenditure' as fact,
    'total' as row_key,
    measure as column_key,
    case measure when 'total' then '支出合计' else name_zh end as name_zh,
    case measure when 'total' then 'Total expenditure' else name_en end as name_en
from {{ ref('measure') }}
union all
select
    'economic' as fact,
    'total' as row_key,
    unnest(['total', 'personnel', 'public']) as column_key,
    unnest(['基本支出合计', '人员经费', '公用经费']) as name_zh,
    unnest(['Basic expenditure', 'Personnel expenditure', 'Public (operating) expenditure']) as name_en
