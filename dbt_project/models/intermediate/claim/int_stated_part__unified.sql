-- One row per part of a whole that a sentence names, with a figure of its own or without.
with claim as (
    select *
    from {{ ref('int_claim__code_resolved') }}
    where fact = 'part'
),

listed_part as (
    select * from {{ ref('stg_disclosure__stated_part') }}
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

statement as (
    select * from {{ ref('forms') }}
),

economic_name as (
    select * from {{ ref('int_economic__bare_name') }}
),

part as (
    select
        document_id,
        stage,
        fiscal_year,
        statement_code,
        fund_code,
        basis,
        subject_code as whole_code,
        project_name,
        coalesce(part_name, detail) as part_name,
        code as economic_code,
        cast(coalesce(amount_yuan, reported_value) as decimal(20, 4)) as value,
        case when unit_kind = 'money' then 'yuan' else reported_unit end as unit,
        reported_value,
        reported_unit,
        reported_decimals,
        half_width_yuan,
        1 as kind_order,
        claim_no as print_order,
        page_no,
        source_ref
    from claim
    union all by name
    select
        listed_part.document_id,
        document.stage,
        document.fiscal_year,
        listed_part.statement_code,
        coalesce(listed_part.fund_code, statement.widest_fund) as fund_code,
        listed_part.subject_code as whole_code,
        listed_part.part_name,
        economic_name.economic_code,
        2 as kind_order,
        listed_part.part_no as print_order,
        listed_part.page_no,
        listed_part.source_ref
    from listed_part
    inner join document
        on listed_part.document_id = document.document_id
    inner join statement
        on listed_part.statement_code = statement.statement_code
    left join economic_name
        on regexp_replace({{ squeeze(fold_width('listed_part.part_name')) }}, '支出$', '') = economic_name.name_key
)

select
    * exclude (kind_order, print_order),
    cast(row_number() over (
        partition by document_id
        order by kind_order, print_order
    ) as integer) as part_no
from part
