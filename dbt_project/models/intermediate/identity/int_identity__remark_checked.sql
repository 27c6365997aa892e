-- One row per expression of the text that should not stand there: another year, words of the template, a doubled mark.
{% set least_of_a_template = 10 -%}

with remark as (
    select * from {{ ref('stg_disclosure__remark') }}
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

form as (
    select * from {{ ref('stg_disclosure__form') }}
),

claim as (
    select * from {{ ref('stg_disclosure__claim') }}
),

unfilled as (
    select
        document_id,
        count(*) as placeholder_count,
        min(page_no) as page_no,
        arg_min(source_ref, remark_no) as source_ref
    from remark
    where kind = 'placeholder'
    group by document_id
    having count(*) >= {{ least_of_a_template }}
),

dated as (
    select
        remark.* replace (
            -- a range of dates alone under a heading that asks for the period
            case
                when remark.code != 'range' then remark.code
                when regexp_matches(remark.section_path, '(实施|执行)(周期|时间|期限)[^>]*$') then 'period'
            end as code
        ),
        document.doc_type,
        document.fiscal_year,
        cast(remark.named as integer) as named_year
    from remark
    inner join document using (document_id)
    where
        remark.kind = 'year'
        and document.fiscal_year is not null
),

-- an expression said again in its paragraph is one expression
remark_once as (
    select
        *,
        case
            when length(sentence) <= 60 or not contains(sentence, text) then right(sentence, 60)
            else '…' || right(left(sentence, strpos(sentence, text) + length(text)), 40)
        end as excerpt
    from remark
    where kind in ('placeholder', 'template', 'punctuation', 'choice', 'percent', 'no_reason', 'doubled', 'pair')
    -- a title printed above itself is no sentence; behind its number a project's name may begin with the name of its unit, printed before it
    and (
        kind != 'doubled'
        or regexp_matches(sentence, '[。；;]$')
        and not (regexp_matches(sentence, '^[0-9]+[.．、]') and starts_with(regexp_replace(sentence, '^[0-9]+[.．、]', ''), text))
    )
    qualify row_number() over (partition by document_id, kind, paragraph_no order by remark_no) = 1
),

-- documents whose years of one kind are their own but for a few
mostly_own_year as (
    select
        document_id,
        code
    from dated
    group by
        document_id,
        code
    having count(*) filter (where named_year = fiscal_year) > count(*) filter (where named_year != fiscal_year)
),

violation as (
    select
        document_id,
        'YEAR-001' as identity_id,
        source_ref,
        page_no,
        remark_no as place_no,
        named_year as lhs,
        fiscal_year as rhs,
        {{ arguments(sentence='sentence', year='named_year', own='fiscal_year') }} as arguments
    from dated
    semi join mostly_own_year using (document_id, code)
    where
        code = 'heading'
        and named_year != fiscal_year
        and not regexp_matches(sentence, '上年|比较|相比|执行情况的?报告|对比')
    union all by name
    select
        form.document_id,
        'YEAR-002' as identity_id,
        'f' || form.form_no as source_ref,
        form.page_from as page_no,
        form.form_no as place_no,
        cast(regexp_extract(form.title, '(20[0-9]{2})年', 1) as integer) as lhs,
        document.fiscal_year as rhs,
        {{ arguments(title='form.title', own='document.fiscal_year') }} as arguments
    from form
    inner join document using (document_id)
    where
        regexp_matches(form.title, '20[0-9]{2}年')
        -- the year of a project that a performance form is named after
        and not regexp_matches(form.title, '[(（][^()（）]{0,40}20[0-9]{2}年')
        and not contains(form.title, cast(document.fiscal_year as varchar))
    union all by name
    select
        document_id,
        case when doc_type = 'departmental_budget' then 'YEAR-004' else 'YEAR-003' end as identity_id,
        source_ref,
        page_no,
        remark_no as place_no,
        named_year as lhs,
        fiscal_year as rhs,
        {{ arguments(words='text', year='named_year', own='fiscal_year') }} as arguments
    from dated
    where
        code = 'as_of'
        and case
            when doc_type = 'departmental_budget' then named_year >= fiscal_year or named_year < fiscal_year - 2
            else named_year != fiscal_year
        end
    union all by name
    select
        document_id,
        'YEAR-006' as identity_id,
        source_ref,
        page_no,
        remark_no as place_no,
        named_year as lhs,
        fiscal_year as rhs,
        {{ arguments(words='text', own='fiscal_year', sentence='right(sentence, 60)') }} as arguments
    from dated
    where
        code = 'compared'
        and doc_type = 'departmental_budget'
        and named_year = fiscal_year
    union all by name
    select
        dated.document_id,
        'YEAR-005' as identity_id,
        dated.source_ref,
        dated.page_no,
        dated.remark_no as place_no,
        dated.named_year as lhs,
        dated.fiscal_year as rhs,
        {{ arguments(
            year='dated.named_year', sentence='dated.sentence', own='dated.fiscal_year',
            section=["coalesce('见 ' || nullif(dated.section_path, '') || '。', '')", "''"]
        ) }} as arguments
    from dated
    left join mostly_own_year using (document_id, code)
    where
        dated.code = 'period'
        and dated.doc_type = 'departmental_budget'
        and dated.named_year != dated.fiscal_year
        -- a period that ended before the year is wrong on its own
        and (mostly_own_year.document_id is not null or dated.named_year < dated.fiscal_year)
    union all by name
    select
        document_id,
        case kind
            when 'placeholder' then 'STRUCTURE-004'
            when 'template' then 'STRUCTURE-005'
            when 'choice' then 'STRUCTURE-009'
            when 'percent' then 'UNIT-002'
            when 'doubled' then 'STRUCTURE-012'
            when 'no_reason' then 'STRUCTURE-013'
            when 'pair' then 'STRUCTURE-014'
            else 'STRUCTURE-006'
        end as identity_id,
        source_ref,
        page_no,
        remark_no as place_no,
        1 as lhs,
        0 as rhs,
        {{ arguments(
            words='text', excerpt='excerpt',
            mark=["case code when 'bracket' then '括号' else '引号' end", "case code when 'bracket' then 'bracket' else 'quotation mark' end"]
        ) }} as arguments
    from remark_once
    anti join unfilled using (document_id)
    union all by name
    select
        document_id,
        'STRUCTURE-007' as identity_id,
        source_ref,
        page_no,
        1 as place_no,
        placeholder_count as lhs,
        0 as rhs,
        {{ arguments(count='placeholder_count') }} as arguments
    from unfilled
    union all by name
    select
        document_id,
        'UNIT-001' as identity_id,
        arg_min(source_ref, claim_no) as source_ref,
        arg_min(page_no, claim_no) as page_no,
        1 as place_no,
        count(*) as lhs,
        0 as rhs,
        {{ arguments(unit='min(unit_text)', count='count(*)', example='arg_min(figure_text || unit_text, claim_no)') }} as arguments
    from claim
    where
        unit_text in ('万', '亿')
        and status = 'read'
    group by document_id
    union all by name
    -- an amount that is not read for want of its unit
    select
        remark.document_id,
        'UNIT-001' as identity_id,
        remark.source_ref,
        remark.page_no,
        remark.remark_no as place_no,
        1 as lhs,
        0 as rhs,
        'one' as variant,
        {{ arguments(example='remark.text') }} as arguments
    from remark
    left join claim
        on
            remark.document_id = claim.document_id
            and remark.source_ref = claim.source_ref
            and claim.unit_text = '万'
            and claim.status = 'read'
    where
        remark.kind = 'yuan'
        and claim.document_id is null
),

-- documents that print what a rule is about; words left over may stand in any
examined as (
    select distinct
        document_id,
        unnest(case
            when code = 'heading' then ['YEAR-001']
            when code = 'as_of' then case when doc_type = 'departmental_budget' then ['YEAR-004'] else ['YEAR-003'] end
            when code = 'period' then ['YEAR-005']
            when code = 'compared' and doc_type = 'departmental_budget' then ['YEAR-006']
            else cast([] as varchar[])
        end) as identity_id
    from dated
    union
    select distinct
        document_id,
        'YEAR-002' as identity_id
    from form
    where regexp_matches(title, '20[0-9]{2}年')
    union
    select distinct
        document_id,
        'UNIT-001' as identity_id
    from claim
    where status = 'read'
    union
    select
        document_id,
        unnest([
            'STRUCTURE-004', 'STRUCTURE-005', 'STRUCTURE-006', 'STRUCTURE-007', 'STRUCTURE-009', 'STRUCTURE-012', 'STRUCTURE-013',
            'STRUCTURE-014', 'UNIT-002'
        ]) as identity_id
    from document
)

select
    document_id,
    identity_id,
    concat_ws('/', source_ref, place_no) as place,
    'count' as value_unit,
    lhs,
    rhs,
    1 as difference,
    0 as tolerance,
    source_ref as lhs_ref,
    page_no,
    variant,
    arguments
from violation
union all by name
select
    document_id,
    identity_id,
    '-' as place,
    'count' as value_unit,
    0 as difference,
    0 as tolerance
from examined
anti join violation using (document_id, identity_id)
