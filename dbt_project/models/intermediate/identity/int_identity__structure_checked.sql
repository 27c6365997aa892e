-- One row per form or part of a document that is missing, empty or filled in contradiction to what the document says about it.
{% set said_of_appropriations = '(?:没有|无|未)(?:使用|安排|发生|取得)?(?:当年|本年度?)?财政拨款(?:预算)?(?:收入|支出|收支)[^。；;）)]{0,20}' -%}

with form_status as (
    select * from {{ ref('int_form__status') }}
),

form as (
    select * from {{ ref('stg_disclosure__form') }}
),

declaration as (
    select * from {{ ref('stg_disclosure__declaration') }}
),

line as (
    select * from {{ ref('int_line__unified') }}
    where amount_yuan is not null
),

paragraph as (
    select * from {{ ref('stg_disclosure__paragraph') }}
),

statement as (
    select * from {{ ref('forms') }}
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

unfilled as (
    select document_id
    from {{ ref('stg_disclosure__remark') }}
    where kind = 'placeholder'
    group by document_id
    having count(*) >= 10
),

-- a list of contents names a form once more than its title does; a converted text may have lost its forms on the way
listed as (
    select
        document_id,
        statement_code,
        count(*) as listed_count,
        min(source_ref) as source_ref
    from declaration
    inner join statement using (statement_code)
    where
        kind = 'listed'
        and layout != 'performance'
    group by
        document_id,
        statement_code
),

first_form as (
    select
        document_id,
        statement_code,
        min(form_no) as form_no,
        min(page_from) as page_from
    from form
    group by
        document_id,
        statement_code
),

listed_form as (
    select
        listed.*,
        form.form_no is not null as is_recognised,
        count(*) filter (where form.form_no is not null and listed.listed_count > 1) over (partition by listed.document_id) as titled_count
    from listed
    inner join document using (document_id)
    left join first_form as form
        using (document_id, statement_code)
    where document.media_type != 'text/plain'
),

prose as (
    select
        line.document_id,
        line.statement_code,
        count(*) as figure_count,
        count(*) filter (where line.amount_yuan != 0 and line.basis != 'change_from_prior_year') as nonzero_count,
        string_agg(
            {{ number_text('line.reported_value', 'line.reported_decimals', true) }} || line.reported_unit, '、'
            order by line.source_ref, line.row_key, line.basis, line.reported_value
        ) filter (where line.reported_value is not null) as figures
    from line
    where line.source = 'narrative'
    group by
        line.document_id,
        line.statement_code
),

filled as (
    select
        document_id,
        statement_code,
        count(*) filter (where amount_yuan != 0) as nonzero_count,
        first(
            {{ number_text('reported_value', 'reported_decimals', true) }} || reported_unit
            order by abs(amount_yuan) desc nulls last, source_ref asc, reported_value asc
        ) as largest,
        first(source_ref order by abs(amount_yuan) desc nulls last, source_ref asc) as source_ref
    from line
    where source = 'table'
    group by
        document_id,
        statement_code
),

said_empty as (
    select
        document_id,
        statement_code,
        min(source_ref) as source_ref,
        min(text) as said
    from declaration
    where kind = 'empty'
    group by
        document_id,
        statement_code
    union all by name
    select
        document_id,
        statement_code,
        'f' || min(form_no) as source_ref,
        min(note) as said
    from form
    where
        is_empty_declared
        -- a note that says what an empty form would mean (如无数字，则…) does not say that it is empty
        and regexp_matches(regexp_replace(note, '(如|若)[^。；;\n]*', '', 'g'), '无|没有|未|不涉及|空')
    group by
        document_id,
        statement_code
),

fund_form (statement_code, fund_code, fund_name) as (
    values
    ('appropriation_summary', 'fiscal_appropriation', '财政拨款'),
    ('appropriation_summary', 'general_public', '财政拨款'),
    ('general_public_expenditure', 'general_public', '一般公共预算'),
    ('government_fund', 'government_fund', '政府性基金'),
    ('state_capital', 'state_capital', '国有资本')
),

-- what a note below a form says of its money
said_none as (
    select
        document_id,
        statement_code,
        min(said) as said
    from (
        select
            document_id,
            statement_code,
            text as said
        from declaration
        where kind in ('empty', 'none')
        union
        select
            said_empty.document_id,
            said_empty.statement_code,
            said_empty.said
        from said_empty
        inner join fund_form
            on
                said_empty.statement_code = fund_form.statement_code
                and contains({{ squeeze('said_empty.said') }}, fund_form.fund_name)
    )
    group by all
    union
    select
        form.document_id,
        form.statement_code,
        min(regexp_extract(paragraph.text, '{{ said_of_appropriations }}')) as said
    from form
    inner join paragraph
        on
            form.document_id = paragraph.document_id
            and paragraph.page_no between form.page_from and coalesce(form.page_to, form.page_from)
    where
        form.statement_code = 'appropriation_summary'
        and regexp_matches(paragraph.text, '{{ said_of_appropriations }}')
    group by all
),

-- what two other forms at least print of the money of a form that is empty by its note
printed_elsewhere as (
    select
        form_status.document_id,
        form_status.statement_code,
        form_status.form_no,
        min(said_none.said) as said,
        count(distinct line.statement_code) as form_count,
        first(
            {{ number_text('line.reported_value', 'line.reported_decimals', true) }} || line.reported_unit
            order by abs(line.amount_yuan) desc, line.statement_code asc, line.source_ref asc
        ) as largest,
        first(line.statement_code order by abs(line.amount_yuan) desc, line.statement_code asc, line.source_ref asc) as largest_in
    from form_status
    inner join said_none using (document_id, statement_code)
    inner join fund_form using (statement_code)
    inner join line
        on
            form_status.document_id = line.document_id
            and form_status.statement_code != line.statement_code
            and (fund_form.fund_code = line.fund_code or line.fact = 'revenue' and fund_form.fund_code = line.column_key)
    where
        form_status.status in ('blank', 'empty_by_declaration')
        and line.source = 'table'
        and line.fact in ('expenditure', 'revenue')
        and line.basis in ('initial_budget', 'adjusted_budget', 'final')
        and line.form_status = 'extracted'
        and line.amount_yuan != 0
    group by
        form_status.document_id,
        form_status.statement_code,
        form_status.form_no
    having form_count > 1
),

-- the title of a form as a list of contents and the form itself print it, without number, year, marks and page
titled as (
    select
        declaration.document_id,
        declaration.statement_code,
        form.form_no,
        form.page_from,
        declaration.source_ref,
        declaration.text as listed_title,
        form.title as own_title,
        {{ bare_title('declaration.text') }} as listed_key,
        {{ bare_title('form.title') }} as own_key
    from declaration
    inner join form using (document_id, statement_code)
    inner join statement using (statement_code)
    where
        declaration.kind = 'listed'
        and statement.layout not in ('performance', 'detail')
    qualify
        row_number() over (
            partition by declaration.document_id, declaration.statement_code
            order by
                try_cast(regexp_extract(declaration.source_ref, '^p([0-9]+)', 1) as integer),
                try_cast(regexp_extract(declaration.source_ref, 'l([0-9]+)', 1) as integer),
                form.form_no
        ) = 1
),

-- all titles of the list of contents: one form of two may be known as the other
contents as (
    select
        document_id,
        list(distinct {{ bare_title('text') }}) as keys
    from declaration
    inner join (
        select
            document_id,
            min(page_from) as first_page
        from form
        group by document_id
    ) as first_form_page using (document_id)
    where
        kind = 'listed'
        and try_cast(regexp_extract(source_ref, '^p([0-9]+)', 1) as integer) < first_page
    group by document_id
),

weighed_title as (
    select
        *,
        not list_contains(contents.keys, own_key) as is_other,
        count(*) filter (where list_contains(contents.keys, own_key)) over (partition by document_id) as like_count,
        count(*) filter (where not list_contains(contents.keys, own_key)) over (partition by document_id) as unlike_count
    from titled
    inner join contents using (document_id)
    where
        try_cast(regexp_extract(source_ref, '^p([0-9]+)', 1) as integer) < page_from
        and listed_key != ''
        and own_key != ''
),

part_heading as (
    select
        document_id,
        regexp_extract(text, '^第([一二三四五六七八九])部分', 1) as part,
        count(*) as printing_count,
        min(source_ref) as source_ref,
        arg_min(text, paragraph_no) as text
    from paragraph
    where
        is_heading
        and regexp_matches(text, '^第[一二三四五六七八九]部分')
    group by all
),

part_once as (
    select
        *,
        count(*) over (partition by document_id) as part_count,
        count(*) filter (where printing_count = 2) over (partition by document_id) as twice_count
    from part_heading
),

violation as (
    select
        listed_form.document_id,
        'STRUCTURE-001' as identity_id,
        listed_form.statement_code,
        listed_form.source_ref,
        cast(null as integer) as page_no,
        {{ arguments(form=['statement.name_zh', 'statement.name_en'], code='listed_form.statement_code') }} as arguments
    from listed_form
    inner join statement using (statement_code)
    where
        not listed_form.is_recognised
        and listed_form.listed_count = 1
        and listed_form.titled_count >= 4
        and not exists (
            select 1
            from said_empty
            where said_empty.document_id = listed_form.document_id and said_empty.statement_code = listed_form.statement_code
        )
    union all by name
    select
        form_status.document_id,
        'STRUCTURE-002' as identity_id,
        form_status.statement_code,
        'f' || form.form_no as source_ref,
        form.page_from as page_no,
        {{ arguments(form=['statement.name_zh', 'statement.name_en'], code='form_status.statement_code', figures='left(prose.figures, 120)') }}
            as arguments
    from form_status
    inner join form using (document_id, statement_code, form_no)
    inner join statement using (statement_code)
    inner join prose using (document_id, statement_code)
    where
        form_status.status = 'blank'
        and prose.nonzero_count > 0
    union all by name
    select
        filled.document_id,
        'STRUCTURE-003' as identity_id,
        filled.statement_code,
        filled.source_ref,
        form.page_from as page_no,
        {{ arguments(
            form=['statement.name_zh', 'statement.name_en'], code='filled.statement_code', figure='filled.largest', note='left(said_empty.said, 80)'
        ) }} as arguments
    from filled
    inner join said_empty using (document_id, statement_code)
    inner join statement using (statement_code)
    left join first_form as form
        using (document_id, statement_code)
    where filled.nonzero_count > 0
    qualify row_number() over (partition by filled.document_id, filled.statement_code order by said_empty.source_ref) = 1
    union all by name
    select
        printed_elsewhere.document_id,
        'STRUCTURE-010' as identity_id,
        printed_elsewhere.statement_code,
        'f' || printed_elsewhere.form_no as source_ref,
        form.page_from as page_no,
        {{ arguments(
            form=['statement.name_zh', 'statement.name_en'], code='printed_elsewhere.statement_code', note='left(printed_elsewhere.said, 60)',
            other=['other.name_zh', 'other.name_en'], figure='printed_elsewhere.largest'
        ) }} as arguments
    from printed_elsewhere
    inner join statement using (statement_code)
    inner join statement as other
        on printed_elsewhere.largest_in = other.statement_code
    inner join form using (document_id, statement_code, form_no)
    union all by name
    select
        document_id,
        'STRUCTURE-011' as identity_id,
        statement_code,
        source_ref,
        page_from as page_no,
        {{ arguments(listed='listed_title', title='own_title') }} as arguments
    from weighed_title
    where
        is_other
        and like_count >= 5
        and unlike_count <= 2
    union all by name
    select
        document_id,
        'STRUCTURE-008' as identity_id,
        cast(null as varchar) as statement_code,
        source_ref,
        cast(null as integer) as page_no,
        {{ arguments(part='part') }} as arguments
    from part_once
    where
        printing_count = 1
        and part_count >= 3
        and twice_count = part_count - 1
),

examined as (
    select distinct
        document_id,
        'STRUCTURE-001' as identity_id
    from listed_form
    where titled_count >= 4
    union
    select distinct
        document_id,
        unnest(['STRUCTURE-002', 'STRUCTURE-003', 'STRUCTURE-010']) as identity_id
    from form
    union
    select distinct
        document_id,
        'STRUCTURE-011' as identity_id
    from weighed_title
    where like_count >= 5
    union
    select distinct
        document_id,
        'STRUCTURE-008' as identity_id
    from part_once
    where twice_count > 0
)

select
    document_id,
    identity_id,
    coalesce(statement_code, source_ref) as place,
    'count' as value_unit,
    1 as lhs,
    0 as rhs,
    0 as tolerance,
    source_ref as lhs_ref,
    page_no,
    statement_code,
    arguments
from violation
anti join unfilled using (document_id)
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
anti join unfilled using (document_id)
