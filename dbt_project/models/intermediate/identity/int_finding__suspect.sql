-- One row per failed check: the figure in it that most other failed checks share, and the check that stands for them all.
with failed as (
    select
        check_key,
        document_id,
        identity_id
    from {{ ref('fct_identity_check') }}
    where status = 'fail'
),

identity as (
    select
        identity_id,
        case severity when 'error' then 1 when 'warning' then 2 else 3 end as severity_rank
    from {{ ref('identity') }}
),

-- a check that was set aside is no witness
figure as (
    select distinct
        figure.check_key,
        figure.document_id,
        figure.is_failed,
        figure.source_ref,
        figure.figure
    from {{ ref('int_identity__figure') }} as figure
    left join failed using (check_key)
    where not figure.is_failed or failed.check_key is not null
),

witness as (
    select
        document_id,
        figure,
        count(distinct check_key) filter (where is_failed) as failed_count,
        count(distinct check_key) filter (where not is_failed) as passed_count
    from figure
    group by
        document_id,
        figure
    having count(*) filter (where is_failed) > 0
),

ranked as (
    select
        figure.check_key,
        figure.document_id,
        figure.source_ref,
        figure.figure,
        witness.failed_count,
        witness.passed_count,
        count(*) over (partition by figure.check_key) as figure_count,
        row_number() over (
            partition by figure.check_key
            order by witness.failed_count desc, witness.passed_count asc, figure.figure asc
        ) as rank_no,
        lead(witness.failed_count) over (
            partition by figure.check_key
            order by witness.failed_count desc, witness.passed_count asc, figure.figure asc
        ) as next_failed_count,
        lead(witness.passed_count) over (
            partition by figure.check_key
            order by witness.failed_count desc, witness.passed_count asc, figure.figure asc
        ) as next_passed_count
    from figure
    inner join witness using (document_id, figure)
    where figure.is_failed
),

suspect as (
    select
        *,
        failed_count > 1 or passed_count < next_passed_count as is_distinguished
    from ranked
    where rank_no = 1
),

-- of the checks that share a figure the gravest with the fewest figures stands for all
led as (
    select
        suspect.*,
        first_value(suspect.check_key) over (
            partition by suspect.document_id, suspect.figure
            order by identity.severity_rank, suspect.figure_count, failed.identity_id, suspect.check_key
        ) as leading_key
    from suspect
    inner join failed using (check_key)
    inner join identity using (identity_id)
)

select
    failed.check_key,
    failed.document_id,
    coalesce(led.leading_key, failed.check_key) as cause_key,
    case when led.is_distinguished then led.source_ref end as suspect_ref,
    case when led.is_distinguished then led.failed_count end as failed_count,
    case when led.is_distinguished then led.passed_count end as passed_count,
    case when led.is_distinguished then led.next_passed_count end as next_passed_count
from failed
left join led using (check_key)
