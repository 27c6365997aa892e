-- One row per change that a sentence gives a reason for.
select
    document_id,
    reason_no,
    source_ref,
    page_no,
    sentence,
    statement_code,
    fund_code,
    subject_type,
    subject_code,
    class_name,
    section_name,
    item_name,
    function_code_text,
    item_level_marked as is_level_marked,
    economic_name,
    compared_with,
    direction,
    claim_no,
    reason_text,
    {{ function_path() }} as function_path
from {{ source('raw', 'change_reason') }}
