-- One row per name of a section or item that the glossary explains, and per other spelling of the unit's name.
{% set least_name = 5 -%}
{% set least_code_name = 4 -%}

with form_name as (

    select
        document_id,
        length(code) as code_length,
        list_sort(list(distinct regexp_replace(label_key, '支出$', ''))) as name_keys
    from {{ ref('int_form_cell__code_resolved') }}
    where
        fact = 'expenditure'
        and printed_code is not null
        and label_key is not null
        and length(code) in (5, 7)
    group by all

),

-- a name with its level, and that it is explained: （款）：指…, （项）是指…
explained as (

    select
        document_id,
        source_ref,
        page_no,
        unnest(regexp_extract_all(
            {{ squeeze(fold_width('text')) }},
            '[\x{4e00}-\x{9fff}]{2,30}(?:\(室\)[\x{4e00}-\x{9fff}]{0,20})?\([款项]\)(?:[:：]|指|是指|反映|主要)'
        )) as words
    from {{ ref('stg_disclosure__paragraph') }}
    where regexp_matches(text, '[（(][款项][）)]')

),

explained_name as (

    select
        document_id,
        regexp_extract(words, '^(.*)\([款项]\)', 1) as name,
        regexp_extract(words, '\(([款项])\)[^()]*$', 1) as level_zh,
        min(source_ref) as source_ref,
        min(page_no) as page_no
    from explained
    group by all

),

-- a name of which a sentence states an amount is the document's own, also where the amount is 0 and no form prints it
stated_name as (

    select distinct
        document_id,
        regexp_replace(label, '支出$', '') as name_key
    from {{ ref('int_claim__code_resolved') }}
    where
        fact = 'expenditure'
        and label is not null

),

of_form as (

    select
        explained_name.*,
        -- the names that share most of their characters are the ones that may be meant
        list_filter(
            form_name.name_keys,
            lambda key: length(list_intersect(string_split(key, ''), string_split(explained_name.name, ''))) * 2 >= length(key)
        ) as like_keys,
        -- a name like none of the forms is that of a code which the glossary explains for others
        not list_contains(form_name.name_keys, regexp_replace(explained_name.name, '支出$', '')) and length(like_keys) > 0
        and stated_name.name_key is null as is_other_name
    from explained_name
    inner join form_name
        on
            explained_name.document_id = form_name.document_id
            and form_name.code_length = case explained_name.level_zh when '款' then 5 else 7 end
    left join stated_name
        on
            explained_name.document_id = stated_name.document_id
            and regexp_replace(explained_name.name, '支出$', '') = stated_name.name_key
    where
        -- a document whose forms print few rows proves nothing
        length(form_name.name_keys) > 1
        and length(explained_name.name) >= {{ least_code_name }}
        -- the end of a name whose beginning stands on the line before
        and not list_contains(
            list_transform(
                form_name.name_keys,
                lambda key: ends_with(key, regexp_replace(explained_name.name, '支出$', ''))
                and key not in (regexp_replace(explained_name.name, '支出$', ''), '其他' || regexp_replace(explained_name.name, '支出$', ''))
            ),
            true
        )

),

-- the name of the unit behind its region: 某省某市水务局 -> 水务局
unit as (

    select
        document_id,
        unit_key,
        regexp_extract(unit_key, '([^省市县区旗州]*)$', 1) as own_name
    from {{ ref('stg_disclosure__document') }}
    where regexp_full_match(unit_key, '[\x{4e00}-\x{9fff}]+')

),

paragraph as (

    select
        document_id,
        source_ref,
        page_no,
        paragraph_no,
        is_heading,
        {{ squeeze(fold_width('text')) }} as text
    from {{ ref('stg_disclosure__paragraph') }}

),

-- 和 for 与, and the other way round
respelled as (

    select
        unit.document_id,
        unit.unit_key,
        regexp_replace(unit.own_name, '[和与及]', '[和与及]', 'g') as pattern,
        unit.own_name
    from unit
    where
        regexp_matches(unit.own_name, '[和与及]')
        and length(unit.own_name) >= {{ least_name }}

),

spelled as (

    select
        respelled.document_id,
        respelled.unit_key,
        unnest(regexp_extract_all(paragraph.text, respelled.pattern)) as written,
        respelled.own_name,
        paragraph.source_ref,
        paragraph.page_no
    from respelled
    inner join paragraph using (document_id)

),

-- a heading on the accounts that names a body of the unit's name in another region
in_heading as (

    select
        unit.document_id,
        unit.unit_key,
        regexp_extract(regexp_replace(paragraph.text, '^第.{1,3}部分', ''), '([\x{4e00}-\x{9fff}]{1,12}[省市县区旗州]' || unit.own_name || ')', 1) as written,
        unit.own_name,
        paragraph.source_ref,
        paragraph.page_no
    from unit
    inner join paragraph
        on
            unit.document_id = paragraph.document_id
            and contains(paragraph.text, unit.own_name)
    where
        length(unit.own_name) >= {{ least_name }}
        and length(unit.unit_key) > length(unit.own_name)
        and length(paragraph.text) < 60
        and not contains(paragraph.text, unit.unit_key)
        and regexp_matches(paragraph.text, '20[0-9]{2}年度?[^。；]{0,12}[预决]算')

),

other_name as (

    select
        document_id,
        unit_key,
        written,
        count(*) as time_count,
        min(source_ref) as source_ref,
        min(page_no) as page_no
    from (
        select * from spelled
        where written != own_name
        union all by name
        select * from in_heading
        where
            written != ''
            -- the region may be named by its last part alone: a district without its city
            and not contains(unit_key, right(written, length(own_name) + 1))
    )
    group by all

)

select
    document_id,
    'NAME-005' as identity_id,
    level_zh || '/' || name as place,
    'count' as value_unit,
    cast(is_other_name as integer) as lhs,
    0 as rhs,
    0 as tolerance,
    source_ref as lhs_ref,
    page_no,
    {{ arguments(name='name', level='level_zh', like="array_to_string(like_keys, '、')") }} as arguments
from of_form
union all by name
select
    unit.document_id,
    'NAME-006' as identity_id,
    coalesce(other_name.written, '-') as place,
    'count' as value_unit,
    coalesce(other_name.time_count, 0) as lhs,
    0 as rhs,
    0 as tolerance,
    other_name.source_ref as lhs_ref,
    other_name.page_no,
    {{ arguments(written='other_name.written', count='other_name.time_count', name='unit.unit_key') }} as arguments
from unit
left join other_name using (document_id)
