-- One row per amount of a procurement or service purchase form, its rows numbered in printed order.
with amount as (
    select * from {{ ref('int_procurement__amount_resolved') }}
),

-- 货物、工程、服务 as the row or the rows above it say, else as the catalogue's letter says
categories_told as (
    select
        *,
        case
            when category_name like '%货物%' then 'goods'
            when category_name like '%工程%' then 'works'
            when category_name like '%服务%' then 'services'
            when category_name is not null or statement_code != 'procurement' then null
            when regexp_matches(catalogue_code, '^A[0-9]') then 'goods'
            when regexp_matches(catalogue_code, '^B[0-9]') then 'works'
            when regexp_matches(catalogue_code, '^C[0-9]') then 'services'
        end as category
    from amount
)

select
    * exclude (kind, category_name, item_name, quantity_text, parent_project_name, project_code, project_category, function_name),
    cast(dense_rank() over (partition by document_id, statement_code order by form_no, row_no) as integer) as line_no,
    kind as level,
    coalesce(item_name, case when kind = 'category' and category is null and project_name is null then category_name end) as item_name,
    {{ parse_amount('quantity_text') }} as quantity
from categories_told
