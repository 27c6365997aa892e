-- One row per unit that a document lists as part of the department.
select
    document_id,
    unit_no,
    printed_text,
    unit_name,
    {{ unit_id_of(squeeze(fold_width('unit_name')), "'unit'") }} as unit_id,
    is_own,
    is_separate,
    note,
    source_ref,
    page_no
from {{ source('raw', 'member_unit') }}
