-- One row per document.
{% set holds = "'" ~ var('publish_policy', 'hold') ~ "' = 'hold'" -%}

with open_finding as (

    select
        finding.document_id,
        finding.severity,
        finding.identity_id || ' ' || finding.scope || ': ' || finding.message_zh as reason,
        identity.on_fail = 'hold' as is_hold,
        identity.concerns = 'reading' as is_of_reading
    from {{ ref('fct_finding') }} as finding
    inner join {{ ref('identity') }} as identity using (identity_id)
    where not finding.accepted

),

counted_finding as (

    select
        document_id,
        count(*) as finding_count,
        count(*) filter (where severity in ('error', 'warning') or is_of_reading) as serious_count,
        count(*) filter (where is_hold) as hold_count,
        string_agg(reason, ' | ' order by reason) filter (where is_hold) as hold_reason
    from open_finding
    group by document_id

),

-- a document that breaks a rule of the warehouse is held under every policy
broken as (

    select
        document_id,
        min_by(reason_code, (table_name, rule)) as reason_code,
        string_agg(table_name || ': ' || rule || ' (' || row_count || ')', ' | ' order by table_name, rule) as reason
    from {{ ref('stg_disclosure__broken_rule') }}
    group by document_id

),

-- and so is one of which nothing says whose, of which year or of which stage it is
unidentified as (

    select
        document_id,
        'unknown: ' || concat_ws(
            ', ',
            case when unit_key is null then 'unit' end,
            case when fiscal_year is null then 'fiscal_year' end,
            case when stage is null then 'stage' end
        ) as reason
    from {{ ref('stg_disclosure__document') }}
    where unit_key is null or fiscal_year is null or stage is null

),

held as (

    select
        document.document_id,
        case
            when broken.document_id is not null then broken.reason_code
            when not document.is_departmental then 'NOT_DEPARTMENTAL'
            when unidentified.document_id is not null then 'IDENTITY_UNKNOWN'
            when {{ holds }} and counted_finding.hold_count > 0 then 'IDENTITY_BROKEN'
        end as hold_code,
        coalesce(
            broken.reason,
            case when not document.is_departmental then 'the cover speaks of a whole region or its government' end,
            unidentified.reason,
            case when {{ holds }} then counted_finding.hold_reason end
        ) as hold_reason
    from {{ ref('stg_disclosure__document') }} as document
    left join counted_finding using (document_id)
    left join broken using (document_id)
    left join unidentified using (document_id)

)

select
    held.document_id,
    case
        when held.hold_code is not null then 'held'
        when counted_finding.hold_count > 0 or counted_finding.serious_count > 0 then 'flagged'
        else 'passed'
    end as audit_status,
    cast(coalesce(counted_finding.finding_count, 0) as integer) as finding_count,
    held.hold_code,
    held.hold_reason
from held
left join counted_finding using (document_id)
