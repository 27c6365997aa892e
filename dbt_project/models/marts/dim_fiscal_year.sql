-- One row per fiscal year that a document can print, 2000 to 2049. A fiscal year is a calendar year.
with years as (
    select unnest(range(2000, 2050)) as fiscal_year
)

select
    cast(fiscal_year as integer) as fiscal_year,
    cast(fiscal_year as varchar) as code,
    fiscal_year || '年' as name_zh,
    'FY' || fiscal_year as name_en,
    make_date(fiscal_year, 1, 1) as starts_on,
    make_date(fiscal_year, 12, 31) as ends_on
from years
