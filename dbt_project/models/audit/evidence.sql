-- One row per cell, sentence, heading or form that a figure or a check cites: what is printed there, and where.
with cell as (
    select * from {{ ref('stg_disclosure__cell') }}
),

claim as (
    select * from {{ ref('stg_disclosure__claim') }}
),

listed_part as (
    select * from {{ ref('stg_disclosure__stated_part') }}
),

change_reason as (
    select * from {{ ref('stg_disclosure__change_reason') }}
),

paragraph as (
    select * from {{ ref('stg_disclosure__paragraph') }}
),

remark as (
    select * from {{ ref('stg_disclosure__remark') }}
),

declaration as (
    select * from {{ ref('stg_disclosure__declaration') }}
),

form as (
    select * from {{ ref('stg_disclosure__form') }}
),

member as (
    select * from {{ ref('stg_disclosure__member_unit') }}
),

reading as (
    select * from {{ ref('stg_disclosure__reading_confidence') }}
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
        code_text,
        header_path,
        form_no as sort_no
    from {{ ref('stg_disclosure__form_rate') }}
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
    semi join cell using (document_id, source_ref)
    union all by name
    select
        document_id,
        source_ref,
        unit_name as label,
        unit_no as sort_no
    from member
    semi join cell using (document_id, source_ref)
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
),

sentence as (
    select
        document_id,
        source_ref,
        paragraph_no,
        page_no,
        sentence
    from claim
    union all
    select
        document_id,
        source_ref,
        cast(null as integer) as paragraph_no,
        page_no,
        sentence
    from listed_part
    union all
    select
        document_id,
        source_ref,
        cast(null as integer) as paragraph_no,
        page_no,
        sentence
    from change_reason
    union all
    select
        document_id,
        source_ref,
        paragraph_no,
        page_no,
        sentence
    from remark
    union all
    select
        document_id,
        source_ref,
        cast(null as integer) as paragraph_no,
        page_no,
        printed_text as sentence
    from member
    union all
    select
        document_id,
        source_ref,
        paragraph_no,
        page_no,
        text as sentence
    from paragraph
    where is_heading
    union all
    select
        paragraph.document_id,
        paragraph.source_ref,
        paragraph.paragraph_no,
        paragraph.page_no,
        paragraph.text as sentence
    from paragraph
    semi join {{ ref('stg_disclosure__performance_indicator') }} using (document_id, source_ref)
    union all
    -- what a check reads of a paragraph that is no claim: a name that the glossary explains, another name of the unit
    select
        paragraph.document_id,
        paragraph.source_ref,
        paragraph.paragraph_no,
        paragraph.page_no,
        paragraph.text as sentence
    from paragraph
    semi join {{ ref('int_identity__check') }} as checked
        on
            paragraph.document_id = checked.document_id
            and paragraph.source_ref = checked.lhs_ref
    union all
    select
        declaration.document_id,
        declaration.source_ref,
        paragraph.paragraph_no,
        paragraph.page_no,
        declaration.text as sentence
    from declaration
    left join paragraph using (document_id, source_ref)
    union all
    select
        document_id,
        'f' || form_no as source_ref,
        cast(null as integer) as paragraph_no,
        page_from as page_no,
        title as sentence
    from form
),

cited_sentence as (
    select
        document_id,
        source_ref,
        min(paragraph_no) as paragraph_no,
        min(page_no) as page_no,
        min(sentence) as sentence
    from sentence
    group by document_id, source_ref
),

place as (
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
    union all by name
    select
        cited_sentence.document_id,
        cited_sentence.source_ref,
        cited_sentence.page_no,
        paragraph.line_no,
        cited_sentence.sentence as printed_text,
        paragraph.section_path as header_path
    from cited_sentence
    anti join cited using (document_id, source_ref)
    left join paragraph
        on cited_sentence.document_id = paragraph.document_id and cited_sentence.paragraph_no = paragraph.paragraph_no
)

select
    place.document_id,
    place.source_ref,
    place.page_no,
    place.line_no,
    place.printed_text,
    place.row_code_text,
    place.row_label,
    place.header_path,
    reading.ocr_confidence,
    place.x0,
    place.top,
    place.x1,
    place.bottom
from place
left join reading
    on place.document_id = reading.document_id and place.source_ref = reading.source_ref
