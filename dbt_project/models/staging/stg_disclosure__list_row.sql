-- One row per row of a form that lists things: what it names, as printed.
select
    document_id,
    form_no,
    row_no,
    kind,
    unit_name,
    category_name,
    parent_project_name,
    project_name,
    project_code,
    project_category,
    item_name,
    catalogue_code,
    function_text,
    function_name,
    economic_text,
    government_text,
    method,
    quantity_text,
    quantity_unit
from {{ source('raw', 'list_row') }}
