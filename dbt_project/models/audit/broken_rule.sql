-- One row per document and rule of the warehouse that it breaks: why it is held.
select
    document_id,
    reason_code,
    table_name,
    rule,
    cast(row_count as integer) as row_count,
    example,
    is_emptied
from {{ ref('stg_disclosure__broken_rule') }}
