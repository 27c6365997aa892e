-- One row per table cell that prints one number.
with numbered as (

    select
        document_id,
        source_ref,
        {{ parse_amount('text') }} as printed_value
    from {{ ref('stg_disclosure__cell') }}
    where figures = 1

)

select *
from numbered
where printed_value is not null
