-- One row per cell of a performance form that prints a money figure.
select
    document_id,
    performance_no,
    source_ref,
    role,
    line_no
from {{ source('raw', 'performance_figure') }}
