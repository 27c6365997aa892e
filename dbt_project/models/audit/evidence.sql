-- One row per cell that a figure or a check cites: what is printed there, and where.
with cell as (
    select * from {{ ref('stg_disclosure__cell') }}
),

cited as (
    select distinct on (document_id, source_ref)
        document_id,
        source_ref,
        label,
        code_text,
        header_path
    from {{ ref('stg_disclosure__form_cell') }}
    where amount_state != 'blank'
    order by document_id, source_ref, form_no
)

select
    cell.document_id,
    cell.source_ref,
    cell.page_no,
    cell.line_no,
    cell.text as printed_text,
    cited.code_text as row_code_text,
    cited.label as row_label,
    cited.header_path,
    cell.x0,
    cell.top,
    cell.x1,
    cell.bottom
from cited
inner join cell
    on cited.document_id = cell.document_id and cited.source_ref = cell.source_ref
