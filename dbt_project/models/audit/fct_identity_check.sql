-- One row per check that is due, whatever its result.
with evaluated as (

    select * from {{ ref('int_identity__check') }}

),

waiver_in_force as (

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

),

with_waiver as (

    select
        evaluated.*,
        coalesce(scope_waiver.reason_zh, document_waiver.reason_zh) as waiver_reason
    from evaluated
    left join waiver_in_force as scope_waiver
        on
            evaluated.identity_id = scope_waiver.identity_id
            and evaluated.document_id = scope_waiver.document_id
            and evaluated.scope = scope_waiver.scope
    left join waiver_in_force as document_waiver
        on
            evaluated.identity_id = document_waiver.identity_id
            and evaluated.document_id = document_waiver.document_id
            and document_waiver.scope is null

)

select
    check_key,
    document_id,
    identity_id,
    scope,
    lhs,
    rhs,
    difference,
    tolerance,
    value_unit,
    case when status = 'fail' and waiver_reason is not null then 'waived' else status end as status,
    reason_code,
    lhs_ref,
    rhs_ref,
    statement_code,
    fund_code,
    row_key,
    column_key,
    basis,
    page_no,
    case when status = 'fail' then waiver_reason end as waiver_reason
from with_waiver
