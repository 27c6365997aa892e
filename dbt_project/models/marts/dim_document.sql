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

role as (
    select * from {{ ref('int_document__role_told') }}
),

catalogue as (
    select * from {{ ref('stg_disclosure__catalogue') }}
),

supersession as (
    select * from {{ ref('stg_disclosure__supersession') }}
)

select
    document.document_id,
    document.disclosure_id,
    role.document_role,
    document.file_name,
    document.sha256,
    document.media_type,
    document.doc_type,
    document.stage,
    document.fiscal_year,
    document.unit_id,
    document.unit_kind,
    document.title,
    document.page_count,
    document.unit_from,
    document.fiscal_year_from,
    document.stage_from,
    catalogue.source_url,
    catalogue.published_on,
    catalogue.retrieved_on,
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
inner join role
    on document.document_id = role.document_id
left join catalogue
    on document.document_id = catalogue.document_id
left join supersession
    on document.document_id = supersession.document_id
