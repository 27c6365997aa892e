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

expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__remark_checked'
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
    -- a title printed above itself is no sentence
    and (kind != 'doubled' or regexp_matches(sentence, '[。；;]$') and not regexp_matches(sentence, '^[0-9]+[.．、]'))
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
        '标题“' || sentence || '”所称年度为 ' || named_year || ' 年，本文件为 ' || fiscal_year || ' 年度。' as message_zh,
        'The heading "' || sentence || '" names ' || named_year || '; the document is about ' || fiscal_year || '.' as message_en
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
        '表题“' || form.title || '”所称年度与本文件（' || document.fiscal_year || ' 年度）不同。' as message_zh,
        'The title of the form "' || form.title || '" names another year than the document (' || document.fiscal_year || ').' as message_en
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
        '资产等情况的日期为“' || text || '”，本文件为 ' || fiscal_year || ' 年度'
        || case when doc_type = 'departmental_budget' then '预算。' else '决算，应截至该年 12 月 31 日。' end as message_zh,
        'The state of assets (vehicles etc.) is as of ' || named_year || ' ("' || text || '"); the document is about ' || fiscal_year || '.'
            as message_en
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
        '本文件为 ' || fiscal_year || ' 年度预算，却与本年度比较（“' || text || '”）：“' || right(sentence, 60) || '”。' as message_zh,
        'The budget of ' || fiscal_year || ' is compared with its own year ("' || text || '").' as message_en
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
        '项目执行时间印为 ' || dated.named_year || ' 年（“' || dated.sentence || '”），本文件为 ' || dated.fiscal_year
        || ' 年度预算。'
        || coalesce('见 ' || nullif(dated.section_path, '') || '。', '') as message_zh,
        'The execution period of a project is printed as ' || dated.named_year || ' ("' || dated.sentence || '"); the document is the budget of '
        || dated.fiscal_year || '.' as message_en
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
        case kind
            when 'placeholder' then '模板占位词“' || text || '”未替换：“'
            when 'template' then '模板填表说明未删除：“'
            when 'choice' then '模板选项未择一（“' || text || '”）：“'
            when 'percent' then '缺百分号（“' || text || '”）：“'
            when 'doubled' then '字句重复（“' || text || '”）：“'
            when 'no_reason' then '原因未写（“' || text || '”之后为空）：“'
            when 'pair' then case code when 'bracket' then '括号' else '引号' end || '不成对（“' || text || '”）：“'
            else '标点重复（“' || text || '”）：“'
        end
        || excerpt
        || '”。' as message_zh,
        case kind
            when 'placeholder' then 'A placeholder of the template is left ("' || text || '"): "'
            when 'template' then 'An instruction of the template is left: "'
            when 'choice' then 'A choice of the template is left ("' || text || '"): "'
            when 'percent' then 'A percent sign is missing ("' || text || '"): "'
            when 'doubled' then 'Words are doubled ("' || text || '"): "'
            when 'no_reason' then 'A reason is announced and left out ("' || text || '"): "'
            when 'pair' then 'A ' || case code when 'bracket' then 'bracket' else 'quotation mark' end || ' has no pair ("' || text || '"): "'
            else 'A punctuation mark is doubled ("' || text || '"): "'
        end
        || excerpt
        || '".' as message_en
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
        '文件是未填写的模板：有 ' || placeholder_count || ' 处占位词。' as message_zh,
        'The document is an unfilled template: ' || placeholder_count || ' placeholders.' as message_en
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
        '金额单位写作“' || min(unit_text) || '”而缺“元”，共 ' || count(*) || ' 处，例如 ' || arg_min(figure_text || unit_text, claim_no) || '。'
            as message_zh,
        count(*) || ' amounts are printed in "' || min(unit_text) || '" without "元", such as '
        || arg_min(figure_text || unit_text, claim_no) || '.'
            as message_en
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
        '金额单位写作“万”而缺“元”：' || remark.text || '。' as message_zh,
        'An amount is printed in "万" without "元": ' || remark.text || '.' as message_en
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
    md5(concat_ws('|', expected.document_id, expected.identity_id, violation.place_no)) as check_key,
    expected.document_id,
    expected.identity_id,
    case when violation.document_id is null then '-' else concat_ws('/', violation.source_ref, violation.place_no) end as scope,
    'count' as value_unit,
    case
        when violation.document_id is not null then 'fail'
        when examined.document_id is not null then 'pass'
        else 'not_applicable'
    end as status,
    case when violation.document_id is null and examined.document_id is null then 'not_printed' end as reason_code,
    cast(violation.lhs as decimal(28, 4)) as lhs,
    cast(violation.rhs as decimal(28, 4)) as rhs,
    cast(
        case
            when violation.document_id is not null then 1
            when examined.document_id is not null then 0
        end as decimal(28, 4)
    ) as difference,
    cast(case when violation.document_id is not null or examined.document_id is not null then 0 end as decimal(28, 8)) as tolerance,
    violation.source_ref as lhs_ref,
    cast(null as varchar) as rhs_ref,
    violation.page_no,
    cast(null as varchar) as statement_code,
    cast(null as varchar) as fund_code,
    cast(null as varchar) as row_key,
    cast(null as varchar) as column_key,
    cast(null as varchar) as basis,
    violation.message_zh,
    violation.message_en,
    cast(null as varchar) as lhs_terms,
    cast(null as varchar) as rhs_terms
from expected
left join violation using (document_id, identity_id)
left join examined using (document_id, identity_id)
