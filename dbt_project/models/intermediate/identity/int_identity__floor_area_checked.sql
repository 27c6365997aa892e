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

expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__floor_area_checked'
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
told as (
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
    md5(concat_ws('|', expected.document_id, expected.identity_id, told.source_ref)) as check_key,
    expected.document_id,
    expected.identity_id,
    coalesce(told.source_ref, '-') as scope,
    'count' as value_unit,
    case
        when told.document_id is null then 'not_applicable'
        when told.is_broken then 'fail'
        else 'pass'
    end as status,
    case when told.document_id is null then 'not_printed' end as reason_code,
    cast(told.lhs as decimal(28, 4)) as lhs,
    cast(told.rhs as decimal(28, 4)) as rhs,
    cast(told.lhs - told.rhs as decimal(28, 4)) as difference,
    cast(told.tolerance as decimal(28, 8)) as tolerance,
    told.source_ref as lhs_ref,
    told.source_ref as rhs_ref,
    told.page_no,
    cast(null as varchar) as statement_code,
    cast(null as varchar) as fund_code,
    cast(null as varchar) as row_key,
    cast(null as varchar) as column_key,
    cast(null as varchar) as basis,
    '文中面积各部分之和不符：' || told.sums_zh || '。' as message_zh,
    'The parts of a floor area do not add up: ' || told.sums_en || '.' as message_en,
    cast(told.lhs as varchar) as lhs_terms,
    cast(told.rhs as varchar) as rhs_terms
from expected
left join told using (document_id)
