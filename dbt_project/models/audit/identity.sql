-- One row per identity.
select
    identity_id,
    title_zh,
    title_en,
    family,
    basis_zh,
    basis_ref,
    concerns,
    severity,
    on_fail,
    document_kind,
    tolerance_policy_id,
    evaluation,
    relation,
    lifecycle,
    remedy_zh,
    remedy_en,
    note
from {{ ref('identities') }}
