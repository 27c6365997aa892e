-- One row per document.
{% set holds = var('publish_policy', 'hold') == 'hold' -%}

with open_finding as (

    select
        finding.document_id,
        finding.severity,
        finding.identity_id || ' ' || finding.scope || ': ' || finding.message_zh as reason,
        identity.on_fail = 'hold' as is_hold
    from {{ ref('fct_finding') }} as finding
    inner join {{ ref('identity') }} as identity using (identity_id)
    where not finding.accepted

),

counted_finding as (

    select
        document_id,
        count(*) as finding_count,
        count(*) filter (where severity in ('error', 'warning')) as serious_count,
        count(*) filter (where is_hold) as hold_count,
        string_agg(reason, ' | ' order by reason) filter (where is_hold) as hold_reason
    from open_finding
    group by document_id

)

select
    document.document_id,
    case
        {%- if holds %}
        when counted_finding.hold_count > 0 then 'held'
        {%- endif %}
        when counted_finding.hold_count > 0 or counted_finding.serious_count > 0 then 'flagged'
        else 'passed'
    end as audit_status,
    cast(coalesce(counted_finding.finding_count, 0) as integer) as finding_count,
    {% if holds %}counted_finding.hold_reason{% else %}cast(null as varchar){% endif %} as hold_reason
from {{ ref('stg_disclosure__document') }} as document
left join counted_finding using (document_id)
