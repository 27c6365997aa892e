-- One row per unit, fiscal year, stage, fund and functional code below which nothing finer is printed.
select
    report.*,
    make_date(report.fiscal_year, 1, 1) as fiscal_year_date
from mingzhang.marts.rpt_spending_by_function as report
inner join {{ ref('counted') }} using (unit_id, fiscal_year, stage)
where report.is_leaf
