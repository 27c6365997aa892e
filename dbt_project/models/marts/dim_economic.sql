-- One row per economic classification code, under its latest name.
select
    code as economic_code,
    case when code < '5' then 'department' else 'government' end as classification,
    level,
    name_zh,
    name_en,
    parent_code,
    expense_group,
    basic_form_total,
    valid_from_year,
    valid_to_year,
    evidence,
    confidence
from {{ ref('economic_classification') }}
qualify row_number() over (partition by code order by valid_from_year desc) = 1
