-- One row per table that a document prints; a table that was joined over page breaks is one table.
with printed_table as (
    select
        *,
        coalesce('f' || form_no, 'p' || performance_no, 't' || table_no) as whole_key
    from {{ ref('stg_disclosure__printed_table') }}
),

form as (
    select
        form.document_id,
        form.form_no,
        form.statement_code,
        form.layout = 'performance' as is_performance
    from {{ ref('stg_disclosure__form') }} as form
),

performance as (
    select * from {{ ref('stg_disclosure__performance_form') }}
),

figure as (
    select * from {{ ref('int_figure__accounted') }}
    where table_no is not null
),

listed as (
    select distinct
        cell.document_id,
        cell.table_no
    from {{ ref('stg_disclosure__cell') }} as cell
    semi join {{ ref('stg_disclosure__member_unit') }} using (document_id, source_ref)
),

counted_reason as (
    select
        printed_table.document_id,
        printed_table.whole_key,
        figure.reason_code,
        figure.status,
        sum(figure.figures) as figures
    from printed_table
    inner join figure
        on printed_table.document_id = figure.document_id and printed_table.table_no = figure.table_no
    group by all
),

counted as (
    select
        document_id,
        whole_key,
        sum(figures) as figures,
        sum(figures) filter (where status = 'loaded') as figures_loaded,
        sum(figures) filter (where status = 'set_aside') as figures_set_aside,
        string_agg(reason_code || ' ' || figures, ', ' order by figures desc, reason_code asc) filter (where status != 'loaded') as reason
    from counted_reason
    group by document_id, whole_key
),

whole_table as (
    select
        printed_table.document_id,
        printed_table.whole_key,
        min(printed_table.table_no) as table_no,
        arg_min(printed_table.table_ref, printed_table.table_no) as table_ref,
        min(printed_table.page_no) as page_no,
        arg_min(printed_table.title, printed_table.table_no) as title_text,
        any_value(coalesce(form.statement_code, performance.statement_code)) as statement_code,
        bool_or(coalesce(form.is_performance, performance.document_id is not null)) as is_performance,
        bool_or(form.document_id is not null) as is_form,
        bool_or(listed.document_id is not null) as is_list
    from printed_table
    left join form
        on printed_table.document_id = form.document_id and printed_table.form_no = form.form_no
    left join performance
        on printed_table.document_id = performance.document_id and printed_table.performance_no = performance.performance_no
    left join listed
        on printed_table.document_id = listed.document_id and printed_table.table_no = listed.table_no
    group by printed_table.document_id, printed_table.whole_key
)

select
    whole_table.document_id,
    whole_table.table_ref,
    whole_table.page_no,
    whole_table.title_text,
    whole_table.statement_code,
    case
        when whole_table.is_performance then 'performance'
        when whole_table.is_form then 'form'
        when whole_table.is_list then 'member_list'
        else 'other'
    end as role,
    cast(coalesce(counted.figures, 0) as integer) as figures,
    cast(coalesce(counted.figures_loaded, 0) as integer) as figures_loaded,
    cast(coalesce(counted.figures_set_aside, 0) as integer) as figures_set_aside,
    cast(coalesce(counted.figures, 0) - coalesce(counted.figures_loaded, 0) as integer) as figures_not_placed,
    counted.reason
from whole_table
left join counted
    on whole_table.document_id = counted.document_id and whole_table.whole_key = counted.whole_key
