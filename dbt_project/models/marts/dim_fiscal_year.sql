-- One row per fiscal year, 2007 (when the present classification began) to 2035. A fiscal year is a calendar year.
with years as (
    select unnest(range(2007, 2036)) as fiscal_year
)

select
    cast(fiscal_year as integer) as fiscal_year,
    cast(fiscal_year as varchar) as code,
    fiscal_year || '年' as name_zh,
    'FY' || fiscal_year as name_en,
    make_date(fiscal_year, 1, 1) as starts_on,
    make_date(fiscal_year, 12, 31) as ends_on
from years
