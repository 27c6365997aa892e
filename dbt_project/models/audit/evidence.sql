-- One row per cell that a figure or a check cites: what is printed there, and where.
with cell as (
    select * from {{ ref('stg_disclosure__cell') }}
),

cited_cell as (
    select
        document_id,
        source_ref,
        label,
        code_text,
        header_path,
        form_no as sort_no
    from {{ ref('stg_disclosure__form_cell') }}
    where amount_state != 'blank'
    union all by name
    select
        document_id,
        source_ref,
        label,
        performance_no as sort_no
    from {{ ref('stg_disclosure__performance_funding') }}
    union all by name
    select
        document_id,
        source_ref,
        indicator_name as label,
        concat_ws(' / ', level1_name, level2_name) as header_path,
        performance_no as sort_no
    from {{ ref('stg_disclosure__performance_indicator') }}
),

cited as (
    select distinct on (document_id, source_ref)
        document_id,
        source_ref,
        label,
        code_text,
        header_path
    from cited_cell
    order by document_id, source_ref, sort_no
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
