-- One row per document: the money figures that it prints, what became of them, and where the unread ones are.
{% set most_places = 5 -%}

with document as (
    select * from {{ ref('stg_disclosure__document') }}
),

figure as (
    select * from {{ ref('int_figure__accounted') }}
),

printed_table as (
    select * from {{ ref('stg_disclosure__printed_table') }}
),

counted as (
    select
        document_id,
        sum(figures) as figures_printed,
        sum(figures) filter (where status = 'loaded') as figures_loaded,
        sum(figures) filter (where status = 'set_aside') as figures_set_aside,
        sum(figures) filter (where status = 'unread') as figures_unread
    from figure
    group by document_id
),

-- a table, or the text of a page
unread_place as (
    select
        figure.document_id,
        figure.table_no,
        figure.page_no,
        any_value(printed_table.title) as title,
        sum(figure.figures) as unread_count,
        row_number() over (
            partition by figure.document_id
            order by sum(figure.figures) desc, figure.page_no asc, figure.table_no asc
        ) as place_rank
    from figure
    left join printed_table
        on figure.document_id = printed_table.document_id and figure.table_no = printed_table.table_no
    where figure.status = 'unread'
    group by figure.document_id, figure.table_no, figure.page_no
),

named_place as (
    select
        document_id,
        string_agg(
            coalesce('第 ' || page_no || ' 页', '') || case
                when table_no is null then '文字'
                else '表' || coalesce('《' || left(title, 40) || '》', ' ' || table_no)
            end || ' ' || unread_count || ' 个', '、' order by place_rank
        ) filter (where place_rank <= {{ most_places }})
        || case when max(place_rank) > {{ most_places }} then '等' else '' end as unread_places_zh,
        string_agg(
            unread_count || ' in ' || case
                when table_no is null then 'the text'
                else 'table ' || coalesce('"' || left(title, 40) || '"', cast(table_no as varchar))
            end || coalesce(' on page ' || page_no, ''), ', ' order by place_rank
        ) filter (where place_rank <= {{ most_places }})
        || case when max(place_rank) > {{ most_places }} then ' and others' else '' end as unread_places_en,
        min(page_no) filter (where place_rank = 1) as page_no
    from unread_place
    group by document_id
),

-- something is printed on the page, and nothing of it could be read
unreadable_page as (
    select
        document_id,
        count(*) as page_count,
        min(page_no) as page_no,
        string_agg(page_no, ', ' order by page_no) as page_numbers
    from {{ ref('stg_disclosure__page') }}
    where not is_read and (confidence is not null or (reader = 'pdfium' and note is not null))
    group by document_id
),

declared_empty as (
    select document_id
    from {{ ref('stg_disclosure__form') }}
    where is_empty_declared
    union
    select document_id
    from {{ ref('stg_disclosure__declaration') }}
    where kind = 'empty'
)

select
    document.document_id,
    cast(coalesce(counted.figures_printed, 0) as integer) as figures_printed,
    cast(coalesce(counted.figures_loaded, 0) as integer) as figures_loaded,
    cast(coalesce(counted.figures_set_aside, 0) as integer) as figures_set_aside,
    cast(coalesce(counted.figures_unread, 0) as integer) as figures_unread,
    declared_empty.document_id is not null as is_declared_empty,
    cast(coalesce(unreadable_page.page_count, 0) as integer) as unreadable_pages,
    unreadable_page.page_numbers as unreadable_page_numbers,
    coalesce(named_place.page_no, unreadable_page.page_no) as page_no,
    named_place.unread_places_zh,
    named_place.unread_places_en
from document
left join counted
    on document.document_id = counted.document_id
left join named_place
    on document.document_id = named_place.document_id
left join unreadable_page
    on document.document_id = unreadable_page.document_id
left join declared_empty
    on document.document_id = declared_empty.document_id
