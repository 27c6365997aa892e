-- One row per table cell that prints one number.
with numbered as (

    select
        document_id,
        source_ref,
        page_no,
        {{ parse_amount('text') }} as printed_value
    from {{ ref('stg_disclosure__cell') }}
    where figures = 1

)

select *
from numbered
where printed_value is not null
