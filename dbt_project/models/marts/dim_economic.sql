-- One row per economic classification code.
select
    code as economic_code,
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
