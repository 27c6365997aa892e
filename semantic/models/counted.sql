-- One row per unit, fiscal year and stage that a sum over a place takes: a department's figures include those of its units.
select
    unit_id,
    fiscal_year,
    stage
from mingzhang.marts.rpt_unit_profile
where counts_in_region
