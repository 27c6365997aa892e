-- One row per finding that a release has had, as the first release with it says; publishing carries the history on from release to release.
with latest_run as (

    select
        run_id,
        started_at
    from {{ ref('stg_disclosure__load_run') }}
    qualify row_number() over (order by started_at desc, run_id desc) = 1

)

select
    finding.finding_key,
    finding.document_id,
    document.unit_id,
    document.fiscal_year,
    document.stage,
    finding.identity_id,
    finding.severity,
    finding.scope,
    finding.message_zh,
    finding.message_en,
    'opened' as state,
    latest_run.started_at as opened_at,
    latest_run.run_id as opened_in_run,
    cast(null as timestamp) as gone_at,
    cast(null as varchar) as gone_in_run,
    cast(null as varchar) as gone_reason,
    cast(null as varchar) as continued_as
from {{ ref('fct_finding') }} as finding
inner join {{ ref('dim_document') }} as document using (document_id)
cross join latest_run
