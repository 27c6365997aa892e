-- One row per open finding that does not follow from another one.
select
    *,
    make_date(fiscal_year, 1, 1) as fiscal_year_date
from mingzhang.marts.rpt_finding
where is_cause
