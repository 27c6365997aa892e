-- Every check that is due has a result, no other check has one, and every active identity has a check per document of its kind.
select
    check_key,
    document_id,
    identity_id
from {{ ref('int_identity__due') }}
anti join {{ ref('fct_identity_check') }} using (check_key)
union all
select
    checked.check_key,
    checked.document_id,
    checked.identity_id
from {{ ref('fct_identity_check') }} as checked
inner join {{ ref('identity') }} as identity using (identity_id)
anti join {{ ref('int_identity__due') }} as due using (check_key)
where identity.evaluation = 'terms'
union all
select
    cast(null as varchar) as check_key,
    document_id,
    identity_id
from {{ ref('int_identity__expected') }}
anti join {{ ref('fct_identity_check') }} using (document_id, identity_id)
