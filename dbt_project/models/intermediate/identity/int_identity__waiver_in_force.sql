-- One row per identity, document and scope that a waiver in force accepts; without a scope it accepts all of the document.
select
    identity_id,
    document_id,
    scope,
    arg_max(reason_zh, (valid_until, decided_on)) as reason_zh
from {{ ref('waivers') }}
where valid_until >= current_date
group by
    identity_id,
    document_id,
    scope
