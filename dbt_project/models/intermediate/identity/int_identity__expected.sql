-- One row per active identity and document of its kind.
with active_identity as (

    select
        identity_id,
        evaluation,
        document_kind
    from {{ ref('identities') }}
    where lifecycle = 'active'

),

document as (

    select
        document_id,
        doc_type
    from {{ ref('stg_disclosure__document') }}

)

select
    document.document_id,
    active_identity.identity_id,
    active_identity.evaluation
from active_identity
inner join document
    on
        document.doc_type is null
        or list_contains(string_split(active_identity.document_kind, '|'), document.doc_type)
