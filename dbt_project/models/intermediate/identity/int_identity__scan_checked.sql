-- One row per document.
{% set most_uncertain = '0.2' -%}

with expected as (

    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__scan_checked'

),

judged as (

    select
        *,
        case
            when figure_count = 0 then 'not_evaluable'
            when uncertain_count > figure_count * {{ most_uncertain }} then 'fail'
            else 'pass'
        end as status
    from {{ ref('int_document__scan_counted') }}

)

select
    md5(concat_ws('|', expected.document_id, expected.identity_id)) as check_key,
    expected.document_id,
    expected.identity_id,
    '-' as scope,
    'count' as value_unit,
    coalesce(judged.status, 'not_applicable') as status,
    case
        when judged.document_id is null then 'not_printed'
        when judged.status = 'not_evaluable' then 'term_missing'
    end as reason_code,
    cast(judged.uncertain_count as decimal(28, 4)) as lhs,
    cast(0 as decimal(28, 4)) as rhs,
    case when judged.status != 'not_evaluable' then cast(judged.uncertain_count as decimal(28, 4)) end as difference,
    case when judged.status != 'not_evaluable' then cast(judged.figure_count * {{ most_uncertain }} as decimal(28, 8)) end
        as tolerance,
    cast(null as varchar) as lhs_ref,
    cast(null as varchar) as rhs_ref,
    judged.page_no,
    cast(null as varchar) as statement_code,
    cast(null as varchar) as fund_code,
    cast(null as varchar) as row_key,
    cast(null as varchar) as column_key,
    cast(null as varchar) as basis,
    '扫描页上的 ' || judged.figure_count || ' 个数字中有 ' || judged.uncertain_count || ' 个识别置信度过低，未载入。' as message_zh,
    judged.uncertain_count || ' of ' || judged.figure_count || ' figures on scanned pages were read with too little confidence.'
        as message_en,
    '置信度低 ' || judged.uncertain_count || ' 个' as lhs_terms,
    '共 ' || judged.figure_count || ' 个' as rhs_terms
from expected
left join judged using (document_id)
