-- One row per document and rule of the warehouse that it breaks.
select
    document_id,
    reason_code,
    table_name,
    rule,
    row_count,
    example,
    is_emptied
from {{ source('raw', 'broken_rule') }}
