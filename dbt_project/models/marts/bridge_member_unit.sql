-- One row per document and unit that it lists as taken in (部门预算单位构成), with the key of that unit.
with member as (
    select * from {{ ref('stg_disclosure__member_unit') }}
),

document as (
    select * from {{ ref('int_document__unit_identified') }}
)

select
    member.document_id,
    document.unit_id as department_id,
    member.unit_no,
    case when member.is_own then {{ body_of('document.unit_id') }} || '-unit' else member.unit_id end as unit_id,
    coalesce(member.unit_name, member.printed_text) as unit_name,
    member.is_own,
    member.is_separate,
    member.note,
    member.source_ref,
    member.page_no
from member
inner join document
    on member.document_id = document.document_id
