-- One row per part that a sentence lists under an amount without a figure of its own.
select
    document_id,
    part_no,
    source_ref,
    page_no,
    sentence,
    fact,
    statement_code,
    fund_code,
    subject_code,
    part_name
from {{ source('raw', 'stated_part') }}
