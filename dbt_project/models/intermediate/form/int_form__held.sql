-- One row per document and form whose figures stay out of the facts: most of its checks break, and nobody has compared it with the original.
select
    document_id,
    statement_code
from {{ ref('fct_identity_check') }}
where
    identity_id = 'READ-001'
    and status = 'fail'
