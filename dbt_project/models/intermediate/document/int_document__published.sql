-- One row per document whose figures are published: all but those that are held.
with document as (
    select * from {{ ref('int_document__unit_identified') }}
),

audit_status as (
    select * from {{ ref('int_document__audit_status') }}
)

select document.*
from document
inner join audit_status
    on document.document_id = audit_status.document_id
where audit_status.audit_status != 'held'
