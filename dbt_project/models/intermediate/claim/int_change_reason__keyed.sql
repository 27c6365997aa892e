-- One row per change that a sentence explains and subject that changed, once for each key, figure and reason.
with reason as (
    select * from {{ ref('stg_disclosure__change_reason') }}
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

claim as (
    select * from {{ ref('int_claim__amount_normalised') }}
),

function_path as (
    select * from {{ ref('int_claim__function_resolved') }}
),

economic_name as (
    select * from {{ ref('int_economic__bare_name') }}
),

government_name as (
    select
        regexp_replace({{ squeeze(fold_width('name_zh')) }}, '支出$', '') as name_key,
        min(code) as government_code
    from {{ ref('economic_classification') }}
    where code >= '5' and valid_to_year is null
    group by name_key
    having count(distinct code) = 1
),

statement as (
    select * from {{ ref('forms') }}
),

-- one change of both sides is a change of each
sided as (
    select
        * exclude (subject_code),
        unnest(case when subject_code = 'total_both' then ['total_income', 'total_expenditure'] else [subject_code] end) as subject_code
    from reason
),

coded as (
    select
        sided.* exclude (subject_code, fund_code, direction),
        document.stage,
        document.fiscal_year,
        coalesce(sided.fund_code, case when sided.subject_type != 'metric' then statement.widest_fund end) as fund_code,
        case sided.subject_type
            when 'function' then function_path.function_code
            when 'economic'
                then coalesce(
                    {{ printed_government_code('sided.economic_name') }}, economic_name.economic_code, government_name.government_code
                )
            else sided.subject_code
        end as subject_code,
        case sided.subject_type
            when 'function' then function_path.function_name
            when 'economic' then regexp_replace(sided.economic_name, '^5[0-9]+|[（(]5[0-9]+[）)]$', '')
        end as subject_name,
        case sided.direction when 1 then 'increase' when -1 then 'decrease' when 0 then 'level' end as direction,
        case sided.direction when -1 then -abs(claim.amount_yuan) when 1 then abs(claim.amount_yuan) else claim.amount_yuan end
            as amount_yuan
    from sided
    inner join document
        on sided.document_id = document.document_id
    left join claim
        on sided.document_id = claim.document_id and sided.claim_no = claim.claim_no and claim.status != 'unread'
    left join function_path
        on
            sided.subject_type = 'function'
            and sided.document_id = function_path.document_id
            and sided.function_path = function_path.function_path
    left join economic_name
        on
            sided.subject_type = 'economic'
            and regexp_replace({{ squeeze(fold_width('sided.economic_name')) }}, '支出$', '') = economic_name.name_key
    left join government_name
        on
            sided.subject_type = 'economic'
            and regexp_replace({{ squeeze(fold_width('sided.economic_name')) }}, '支出$', '') = government_name.name_key
    left join statement
        on sided.statement_code = statement.statement_code
    where document.stage is not null and sided.statement_code is not null
),

keyed as (
    select
        *,
        coalesce(subject_code, 'name:' || {{ squeeze(fold_width('subject_name')) }}) as subject_key
    from coded
),

first_printed as (
    select *
    from keyed
    where subject_key is not null
    qualify row_number() over (
        partition by document_id, statement_code, subject_type, subject_key, fund_code, compared_with, direction, amount_yuan, reason_text
        order by reason_no
    ) = 1
)

select
    document_id,
    stage,
    fiscal_year,
    statement_code,
    'narrative' as source,
    subject_type,
    subject_key,
    subject_code,
    subject_name,
    fund_code,
    compared_with,
    direction,
    amount_yuan,
    reason_text as reason_zh,
    page_no,
    source_ref,
    cast(row_number() over (
        partition by document_id, statement_code, subject_type, subject_key, fund_code, compared_with
        order by reason_no
    ) as integer) as occurrence
from first_printed
