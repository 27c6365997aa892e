-- One row per statutory form.
select
    statement_code,
    statement_code as code,
    name_zh,
    name_en,
    widest_fund,
    in_final_accounts,
    in_budget,
    sort_order
from {{ ref('forms') }}
