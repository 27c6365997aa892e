-- One row per unit, fiscal year and item of the three public expenses below which nothing finer is printed, of final accounts.
select
    report.*,
    coalesce(report.adjusted_budget_yuan, report.initial_budget_yuan) as budget_yuan,
    make_date(report.fiscal_year, 1, 1) as fiscal_year_date
from mingzhang.marts.rpt_three_public_by_unit as report
inner join {{ ref('counted') }} using (unit_id, fiscal_year, stage)
where report.is_leaf and report.stage = 'final'
