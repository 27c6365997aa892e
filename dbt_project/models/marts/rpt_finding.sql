-- One row per open finding, with the names of the unit, its place and the identity.
with finding as (
    select * from {{ ref('fct_finding') }}
    where not accepted
),

document as (
    select * from {{ ref('dim_document') }}
    where superseded_by is null
),

unit as (
    select * from {{ ref('dim_unit') }}
),

identity as (
    select * from {{ ref('identity') }}
)

select
    finding.finding_key,
    document.unit_id,
    unit.unit_name,
    unit.unit_kind,
    unit.region_code,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    document.fiscal_year,
    document.stage,
    document.doc_type,
    finding.identity_id,
    identity.title_zh as identity_title_zh,
    identity.title_en as identity_title_en,
    finding.family,
    finding.severity,
    identity.concerns,
    finding.is_cause,
    finding.cause_key,
    finding.message_zh,
    finding.message_en,
    finding.reported,
    finding.expected,
    finding.difference,
    finding.value_unit,
    document.audit_status,
    document.file_name,
    document.source_url,
    document.document_id,
    finding.page_no
from finding
inner join document
    on finding.document_id = document.document_id
inner join unit
    on document.unit_id = unit.unit_id
inner join identity
    on finding.identity_id = identity.identity_id
