-- One row per document that was loaded.
with document as (
    select * from {{ ref('int_document__unit_identified') }}
),

audit_status as (
    select * from {{ ref('int_document__audit_status') }}
),

counted as (
    select * from {{ ref('int_document__figures_counted') }}
),

supersession as (
    select * from {{ ref('stg_disclosure__supersession') }}
)

select
    document.document_id,
    document.file_name,
    document.sha256,
    document.media_type,
    document.doc_type,
    document.stage,
    document.fiscal_year,
    document.unit_id,
    document.title,
    document.page_count,
    counted.figures_printed,
    counted.figures_loaded,
    counted.figures_set_aside,
    counted.figures_unread,
    audit_status.audit_status,
    audit_status.hold_code,
    audit_status.hold_reason,
    cast(audit_status.finding_count as integer) as finding_count,
    supersession.superseded_by
from document
inner join audit_status
    on document.document_id = audit_status.document_id
inner join counted
    on document.document_id = counted.document_id
left join supersession
    on document.document_id = supersession.document_id
