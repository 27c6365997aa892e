-- One row per project of the forms of projects that is compared with the form of its targets.
{% set least_alike = 3 -%}

with project as (

    select
        document_id,
        {{ squeeze(fold_width('project_name')) }} as project_key,
        min(project_name) as project_name,
        count(*) as row_count,
        min(amount_yuan) as amount_yuan,
        min(coalesce(half_width_yuan, 0)) as half_width_yuan,
        min(source_ref) as source_ref,
        min(statement_code) as statement_code
    from {{ ref('int_project__keyed') }}
    where
        source = 'table'
        and level = 'project'
        and allocation_name is null
        and basis = 'initial_budget'
        and fund_code = 'all'
        and project_name is not null
        and amount_yuan is not null
    group by
        document_id,
        project_key

),

target as (

    select
        document_id,
        {{ squeeze(fold_width('project_name')) }} as project_key,
        count(*) as form_count,
        min(initial_budget_yuan) as amount_yuan,
        min(coalesce({{ half_width_yuan('reported_decimals', 'reported_unit') }}, 0)) as half_width_yuan,
        min(source_ref) as source_ref,
        min(page_no) as page_no
    from {{ ref('int_performance__funding_keyed') }}
    where
        form = 'target'
        and scope = 'project'
        and fund_line = 'total'
        and project_name is not null
    group by
        document_id,
        project_key

),

-- documents that say that every project has its targets
said_all as (

    select
        document_id,
        min(source_ref) as source_ref,
        min(page_no) as page_no
    from {{ ref('stg_disclosure__paragraph') }}
    where regexp_matches(text, '绩效目标(管理)?(实现)?全(面)?覆盖|(所有|全部)(预算)?项目(支出)?(均|都|全部)?[^。；]{0,12}绩效目标')
    group by document_id

),

family as (

    select
        project.document_id,
        project.project_key,
        sum(part.amount_yuan) as amount_yuan,
        sum(part.half_width_yuan) as half_width_yuan
    from project
    inner join project as part
        on
            project.document_id = part.document_id
            and starts_with(part.project_key, project.project_key)
    group by
        project.document_id,
        project.project_key

),

paired as (

    select
        project.* replace (
            case
                when abs(family.amount_yuan - target.amount_yuan) <= family.half_width_yuan + target.half_width_yuan then family.amount_yuan
                else project.amount_yuan
            end as amount_yuan
        ),
        target.amount_yuan as target_yuan,
        target.source_ref as target_ref,
        target.page_no,
        greatest(project.half_width_yuan, family.half_width_yuan) + target.half_width_yuan as tolerance,
        abs(project.amount_yuan - target.amount_yuan) <= project.half_width_yuan + target.half_width_yuan
        -- the form of targets may speak of a project and its parts of other levels: 某考试, 某考试（省级）
        or abs(family.amount_yuan - target.amount_yuan) <= family.half_width_yuan + target.half_width_yuan as is_alike
    from project
    inner join target using (document_id, project_key)
    inner join family using (document_id, project_key)
    where
        target.amount_yuan is not null
        -- several units may have a project of one name
        and project.row_count = 1
        and target.form_count = 1

),

-- amounts of other projects that agree show that both forms are read rightly and speak of one year
witness as (

    select
        document_id,
        count(*) filter (where is_alike) as like_count,
        count(*) filter (where not is_alike) as unlike_count
    from paired
    group by document_id

),

without_target as (

    select
        project.document_id,
        count(*) as project_count,
        count(target.document_id) as target_count,
        string_agg(project.project_name, '、' order by project.source_ref) filter (where target.document_id is null) as names,
        min(project.source_ref) filter (where target.document_id is null) as source_ref
    from project
    left join target using (document_id, project_key)
    group by project.document_id

)

select
    paired.document_id,
    'PERF-008' as identity_id,
    paired.project_key as place,
    'yuan' as value_unit,
    case
        when not paired.is_alike and (witness.like_count < {{ least_alike }} or witness.like_count <= witness.unlike_count)
            then 'not_confirmed'
    end as reason_code,
    paired.target_yuan as lhs,
    paired.amount_yuan as rhs,
    paired.tolerance,
    paired.target_ref as lhs_ref,
    paired.source_ref as rhs_ref,
    paired.page_no,
    paired.statement_code,
    paired.project_name as row_key,
    {{ arguments(project='paired.project_name', target=number_text('paired.target_yuan', '2'), amount=number_text('paired.amount_yuan', '2')) }}
        as arguments
from paired
inner join witness using (document_id)
union all by name
select
    without_target.document_id,
    'PERF-009' as identity_id,
    'project' as place,
    'count' as value_unit,
    case when witness.like_count < {{ least_alike }} then 'not_confirmed' end as reason_code,
    without_target.project_count as lhs,
    without_target.target_count as rhs,
    0 as tolerance,
    said_all.source_ref as lhs_ref,
    without_target.source_ref as rhs_ref,
    said_all.page_no,
    {{ arguments(projects='without_target.project_count', targets='without_target.target_count', names='without_target.names') }} as arguments
from without_target
inner join said_all using (document_id)
inner join witness using (document_id)
