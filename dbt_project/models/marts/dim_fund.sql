-- One row per fund.
select
    fund_code,
    fund_code as code,
    name_zh,
    name_en,
    parent_fund_code
from {{ ref('fund') }}
