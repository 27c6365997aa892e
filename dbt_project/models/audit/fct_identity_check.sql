-- One row per check that is due, whatever its result.
with evaluated as (

    select * from {{ ref('int_identity__check') }}

),

-- what a misreading of ours explains better is not held against the publisher
doubted as (

    select
        check_key,
        reason_code
    from {{ ref('int_identity__doubted') }}

),

weighed as (

    select
        evaluated.* replace (
            case when doubted.check_key is not null then 'not_evaluable' else evaluated.status end as status,
            coalesce(doubted.reason_code, evaluated.reason_code) as reason_code
        )
    from evaluated
    left join doubted using (check_key)

),

waiver_in_force as (

    select * from {{ ref('int_identity__waiver_in_force') }}

),

with_waiver as (

    select
        weighed.*,
        coalesce(scope_waiver.reason_zh, document_waiver.reason_zh) as waiver_reason
    from weighed
    left join waiver_in_force as scope_waiver
        on
            weighed.identity_id = scope_waiver.identity_id
            and weighed.document_id = scope_waiver.document_id
            and weighed.scope = scope_waiver.scope
    left join waiver_in_force as document_waiver
        on
            weighed.identity_id = document_waiver.identity_id
            and weighed.document_id = document_waiver.document_id
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
