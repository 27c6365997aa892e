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
    document_id,
    'LIST-004' as identity_id,
    code as place,
    'count' as value_unit,
    stated_count as lhs,
    listed_count as rhs,
    0 as tolerance,
    source_ref as lhs_ref,
    listed_ref as rhs_ref,
    page_no,
    {{ arguments(words='texts', stated='stated_count', listed='listed_count') }} as arguments,
    cast(stated_count as varchar) as lhs_terms,
    cast(listed_count as varchar) as rhs_terms
from compared
