-- One row per document and kind of performance form: how much of it was read, and what was not read.
with printed_form as (
    select * from {{ ref('stg_disclosure__performance_form') }}
),

form as (
    select
        printed_form.* exclude (problem),
        case
            when keyed.document_id is null then coalesce(printed_form.problem, 'unit_repeated')
            when printed_form.problem = 'unit_unknown' and funded.document_id is not null then null
            else printed_form.problem
        end as problem
    from printed_form
    left join {{ ref('int_performance__form_keyed') }} as keyed
        on printed_form.document_id = keyed.document_id and printed_form.performance_no = keyed.performance_no
    left join (select distinct
document_id,
performance_no
from {{ ref('int_performance__funding_keyed') }}) as funded
        on printed_form.document_id = funded.document_id and printed_form.performance_no = funded.performance_no
    where printed_form.source = 'table'
),

status_described as (
    select
        *,
        coalesce(project_name, title, '') || '（' || source_ref || '）' as place,
        case problem
            when 'no_indicator_header' then '未找到指标表头'
            when 'columns_repeated' then '同一栏重复（如中期与年度目标并列），不能确定取何栏'
            when 'no_indicator_row' then '指标区无可读行'
            when 'no_target_column' then '指标值栏无法确定'
            when 'unit_unknown' then '金额单位未印出'
            when 'cells_left_out' then '有单元格不属于任何一栏'
            when 'row_cut' then '有数字可能被分页截断'
            when 'name_lost' then '指标所属项目未能辨认'
            when 'order_unknown' then '之前有项目未能辨认，次序不明'
            when 'unit_repeated' then '同一单位的同种表已载入一张'
            when 'low_confidence' then '扫描页上有单元格识别置信度过低'
        end as problem_zh,
        case problem
            when 'no_indicator_header' then 'no header of indicators'
            when 'columns_repeated' then 'columns are printed twice (such as for two periods), and which to take is not certain'
            when 'no_indicator_row' then 'no indicator row can be read'
            when 'no_target_column' then 'the column of targets is not certain'
            when 'unit_unknown' then 'no unit of money is printed'
            when 'cells_left_out' then 'cells that belong to no column'
            when 'row_cut' then 'figures that a page break may have cut'
            when 'name_lost' then 'it is not known which project the indicators belong to'
            when 'order_unknown' then 'a project before it could not be told, so that its number is not known'
            when 'unit_repeated' then 'another form of this kind is loaded for the same unit'
            when 'low_confidence' then 'cells on scanned pages were read with too little confidence'
        end as problem_en
    from form
)

select
    document_id,
    statement_code,
    cast(count(*) as integer) as form_count,
    cast(sum(funding_count + indicator_count) as integer) as row_count,
    '绩效表未读全：' || string_agg(place || problem_zh, '；' order by performance_no) filter (where problem is not null) as problem_zh,
    'not all of the performance forms is read: '
    || string_agg(place || ' ' || problem_en, '; ' order by performance_no) filter (where problem is not null) as problem_en
from status_described
group by document_id, statement_code
