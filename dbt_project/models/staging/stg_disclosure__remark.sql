-- One row per expression of the text that can be checked and is not a figure.
select
    document_id,
    remark_no,
    kind,
    code,
    paragraph_no,
    source_ref,
    page_no,
    section_path,
    text,
    named,
    claim_no,
    sentence
from {{ source('raw', 'remark') }}
