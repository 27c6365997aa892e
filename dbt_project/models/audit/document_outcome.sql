-- One row per run, file and stage, for the files that the run read, replaced or withdrew.
with outcome as (
    select * from {{ ref('stg_disclosure__outcome') }}
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

audit_status as (
    select * from {{ ref('int_document__audit_status') }}
),

audited as (
    select
        outcome.run_id,
        document.file_name,
        document.sha256,
        document.document_id,
        'audit' as stage,
        audit_status.audit_status as outcome,
        audit_status.hold_code as reason_code,
        audit_status.hold_reason as message,
        cast(null as decimal(10, 3)) as seconds
    from outcome
    inner join document
        on outcome.document_id = document.document_id
    inner join audit_status
        on document.document_id = audit_status.document_id
    where outcome.stage = 'extract' and outcome.outcome = 'loaded'
)

select * replace (cast(seconds as decimal(10, 3)) as seconds) from outcome
union all by name
select * from audited
