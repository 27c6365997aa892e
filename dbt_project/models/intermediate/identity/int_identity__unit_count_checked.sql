-- One row per number of units that the text states (5 below the department, 1 + 1 + 4 by kind), compared with its list of units.
with remark as (
    select
        document_id,
        code,
        paragraph_no,
        source_ref,
        page_no,
        text,
        cast(named as integer) as stated_count
    from {{ ref('stg_disclosure__remark') }}
    where kind = 'unit_count'
),

member as (
    select * from {{ ref('stg_disclosure__member_unit') }}
),

expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__unit_count_checked'
),

stated as (
    select
        document_id,
        code,
        sum(stated_count) as stated_count,
        min(source_ref) as source_ref,
        min(page_no) as page_no,
        string_agg(text, '、' order by source_ref) as texts
    from remark
    group by document_id, code, paragraph_no
    qualify row_number() over (partition by document_id, code order by paragraph_no) = 1
),

listed as (
    select
        document_id,
        count(*) as unit_count,
        count(*) filter (where not is_own) as lower_count,
        arg_min(source_ref, unit_no) as source_ref
    from member
    group by document_id
),

-- whether "the units in the scope" take in the department's own offices the words do not say
compared as (
    select
        stated.*,
        listed.source_ref as listed_ref,
        case
            when stated.code = 'lower' then listed.lower_count
            when stated.code = 'listed' and stated.stated_count = listed.lower_count then listed.lower_count
            else listed.unit_count
        end as listed_count
    from stated
    inner join listed using (document_id)
)

select
    md5(concat_ws('|', expected.document_id, expected.identity_id, compared.code)) as check_key,
    expected.document_id,
    expected.identity_id,
    coalesce(compared.code, '-') as scope,
    'count' as value_unit,
    case
        when compared.document_id is null then 'not_applicable'
        when compared.stated_count = compared.listed_count then 'pass'
        else 'fail'
    end as status,
    case when compared.document_id is null then 'not_printed' end as reason_code,
    cast(compared.stated_count as decimal(28, 4)) as lhs,
    cast(compared.listed_count as decimal(28, 4)) as rhs,
    cast(compared.stated_count - compared.listed_count as decimal(28, 4)) as difference,
    cast(case when compared.document_id is not null then 0 end as decimal(28, 8)) as tolerance,
    compared.source_ref as lhs_ref,
    compared.listed_ref as rhs_ref,
    compared.page_no,
    cast(null as varchar) as statement_code,
    cast(null as varchar) as fund_code,
    cast(null as varchar) as row_key,
    cast(null as varchar) as column_key,
    cast(null as varchar) as basis,
    '文字称“' || compared.texts || '”（计 ' || compared.stated_count || '），所列单位为 ' || compared.listed_count || ' 家。' as message_zh,
    'The text states "' || compared.texts || '" (' || compared.stated_count || ' in all), but ' || compared.listed_count || ' such units are listed.'
        as message_en,
    cast(compared.stated_count as varchar) as lhs_terms,
    cast(compared.listed_count as varchar) as rhs_terms
from expected
left join compared using (document_id)
