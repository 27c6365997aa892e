-- One row per sentence that states a floor area with its parts: above and below ground, counted and not counted in the plot ratio.
with area as (
    select
        document_id,
        source_ref,
        page_no,
        code,
        min(text) as text,
        min(strpos(sentence, text)) as place,
        min(cast(replace(named, ',', '') as decimal(20, 4))) as square_metres,
        min(power(0.1, length(split_part(named, '.', 2))) / 2) as half_width
    from {{ ref('stg_disclosure__remark') }}
    where kind = 'floor_area'
    group by document_id, source_ref, page_no, code
    having count(*) = 1
),

part as (
    select
        *,
        case when code in ('above', 'below') then 'ground' else 'plot_ratio' end as division
    from area
    where code != 'whole'
),

divided as (
    select
        document_id,
        source_ref,
        page_no,
        division,
        min(place) as place,
        sum(square_metres) as part_sum,
        sum(half_width) as half_width,
        string_agg(text, ' + ' order by place) as part_terms
    from part
    group by document_id, source_ref, page_no, division
    having count(*) = 2
),

-- the parts belong to the area printed last before them
compared as (
    select
        divided.*,
        whole.square_metres,
        whole.text,
        whole.half_width + divided.half_width as tolerance,
        abs(whole.square_metres - divided.part_sum) > whole.half_width + divided.half_width as is_broken
    from divided
    inner join area as whole
        on
            divided.document_id = whole.document_id
            and divided.source_ref = whole.source_ref
            and divided.place > whole.place
            and (whole.code = 'whole' or divided.division = 'plot_ratio' and whole.code = 'above')
    qualify row_number() over (
        partition by divided.document_id, divided.source_ref, divided.division
        order by whole.place desc
    ) = 1
),

-- one sentence, one check: a wrong area breaks the sum above it and the one below it
sentence_compared as (
    select
        document_id,
        source_ref,
        min(page_no) as page_no,
        bool_or(is_broken) as is_broken,
        arg_max(square_metres, (is_broken, division = 'plot_ratio')) as lhs,
        arg_max(part_sum, (is_broken, division = 'plot_ratio')) as rhs,
        arg_max(tolerance, (is_broken, division = 'plot_ratio')) as tolerance,
        string_agg(text || '，其各部分之和为 ' || {{ number_text('part_sum', '0', true) }} || '（' || part_terms || '）', '；' order by place)
            filter (where is_broken) as sums_zh,
        string_agg(text || ' has parts of ' || {{ number_text('part_sum', '0', true) }} || ' together (' || part_terms || ')', '; ' order by place)
            filter (where is_broken) as sums_en
    from compared
    group by document_id, source_ref
)

select
    document_id,
    'LIST-005' as identity_id,
    source_ref as place,
    'count' as value_unit,
    lhs,
    rhs,
    tolerance,
    source_ref as lhs_ref,
    source_ref as rhs_ref,
    page_no,
    {{ arguments(sums=['sums_zh', 'sums_en']) }} as arguments,
    cast(lhs as varchar) as lhs_terms,
    cast(rhs as varchar) as rhs_terms
from sentence_compared
