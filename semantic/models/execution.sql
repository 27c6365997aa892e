-- One row per unit and fiscal year of final accounts that state their budget too: the totals of the general public budget.
select
    report.*,
    coalesce(report.adjusted_budget_yuan, report.initial_budget_yuan) as budget_yuan,
    make_date(report.fiscal_year, 1, 1) as fiscal_year_date
from mingzhang.marts.rpt_budget_against_final as report
inner join {{ ref('counted') }} as counted
    on report.unit_id = counted.unit_id and report.fiscal_year = counted.fiscal_year and counted.stage = 'final'
where report.fund_code = 'general_public' and report.level = 'total' and budget_yuan is not null and report.final_yuan is not null
