-- One row per decided check and figure that it uses, in documents that break a check.
with decided as (

    select
        decided.check_key,
        decided.document_id,
        decided.identity_id,
        decided.status = 'fail' as is_failed,
        decided.value_unit,
        decided.lhs,
        decided.rhs,
        decided.lhs_ref,
        decided.rhs_ref
    from {{ ref('int_identity__check') }} as decided
    inner join {{ ref('identities') }} as identity using (identity_id)
    -- that a figure is not more than another does not confirm it
    where decided.status = 'fail' or decided.status = 'pass' and coalesce(identity.relation, 'equal') = 'equal'

),

broken_document as (

    select distinct document_id
    from decided
    where is_failed

),

side_split as (

    select
        decided.* exclude (lhs, rhs, lhs_ref, rhs_ref),
        unnest(['left', 'right']) as side,
        unnest([decided.lhs, decided.rhs]) as value,
        unnest([decided.lhs_ref, decided.rhs_ref]) as refs
    from decided
    semi join broken_document using (document_id)

),

ref_split as (

    select
        *,
        unnest(string_split(refs, ' ')) as source_ref
    from side_split

)

-- a cell is one figure; a sentence prints several, told apart by their value where a side has but one
select distinct
    check_key,
    document_id,
    identity_id,
    is_failed,
    side,
    source_ref,
    case
        when not regexp_matches(source_ref, 's[0-9]+$') then source_ref
        when value_unit = 'yuan' and not contains(refs, ' ') then source_ref || '=' || cast(abs(value) as decimal(28, 2))
        else source_ref || '/' || check_key
    end as figure
from ref_split
where source_ref != ''
