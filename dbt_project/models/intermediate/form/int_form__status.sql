-- One row per document and form that was recognised in it: how much of it was read.
with form as (
    select form.*
    from {{ ref('stg_disclosure__form') }} as form
    inner join {{ ref('forms') }} as statement using (statement_code)
    -- a table that describes projects is read like a form of projects and is not the performance form that it belongs to
    where form.layout = 'performance' or statement.layout != 'performance'
),

cell as (
    select * from {{ ref('int_form_cell__amount_normalised') }}
),

performance as (
    select * from {{ ref('int_performance__status') }}
),

-- a form is read when its figures stand in a fact: those of a carryover form stand in none; performance forms have facts of their own
fact as (
    select
        document_id,
        form_no,
        count(*) as fact_count
    from (
        select
            document_id,
            form_no
        from {{ ref('int_fact__keyed') }}
        union all
        select
            document_id,
            form_no
        from {{ ref('int_procurement__amount_resolved') }}
    )
    group by document_id, form_no
),

counted as (
    select
        document_id,
        form_no,
        count(*) filter (where amount_state = 'stated') as stated_cells,
        count(*) filter (where amount_state = 'stated' and problem is null and amount_yuan is null) as unitless_cells,
        count(*) filter (where amount_state = 'stated' and problem != 'low_confidence') as unplaced_cells,
        count(*) filter (where amount_state in ('stated', 'illegible') and problem = 'low_confidence') as uncertain_cells,
        count(*) filter (where amount_state = 'illegible' and problem is null) as illegible_cells,
        count(distinct row_no) filter (where amount_state = 'stated') as stated_rows
    from cell
    group by document_id, form_no
),

status_decided as (
    select
        form.document_id,
        form.statement_code,
        form.form_no,
        form.is_empty_declared,
        form.layout,
        case when form.layout = 'performance' then form.row_count else coalesce(counted.stated_rows, 0) end as row_count,
        coalesce(counted.stated_cells, 0) as stated_cells,
        coalesce(counted.unitless_cells, 0) as unitless_cells,
        coalesce(counted.unplaced_cells, 0) as unplaced_cells,
        coalesce(counted.illegible_cells, 0) as illegible_cells,
        coalesce(counted.uncertain_cells, 0) as uncertain_cells,
        coalesce(fact.fact_count, 0) as fact_count,
        form.layout != 'performance' as has_facts,
        form.layout in ('two_sided', 'function', 'economic', 'project', 'procurement', 'detail')
        and coalesce(counted.stated_cells, 0) > 0
        and (form.has_unread_rows or not form.has_total_row) as is_form_cut
    from form
    left join counted
        on form.document_id = counted.document_id and form.form_no = counted.form_no
    left join fact
        on form.document_id = fact.document_id and form.form_no = fact.form_no
),

combined as (
    select
        document_id,
        statement_code,
        min(form_no) as form_no,
        sum(row_count) as row_count,
        sum(stated_cells) as stated_cells,
        sum(unitless_cells) as unitless_cells,
        sum(unplaced_cells) as unplaced_cells,
        sum(illegible_cells) as illegible_cells,
        sum(uncertain_cells) as uncertain_cells,
        sum(fact_count) as fact_count,
        bool_or(has_facts) as has_facts,
        bool_or(is_empty_declared) as is_empty_declared,
        bool_or(is_form_cut) as is_form_cut,
        bool_or(layout = 'performance') as is_performance
    from status_decided
    group by document_id, statement_code
)

select
    coalesce(combined.document_id, performance.document_id) as document_id,
    coalesce(combined.statement_code, performance.statement_code) as statement_code,
    cast(combined.form_no as integer) as form_no,
    cast(coalesce(performance.row_count, case when combined.is_performance then 0 else combined.row_count end) as integer) as row_count,
    cast(coalesce(combined.stated_cells, 0) as integer) as stated_cells,
    cast(coalesce(combined.unitless_cells, 0) as integer) as unitless_cells,
    cast(coalesce(combined.unplaced_cells, 0) as integer) as unplaced_cells,
    cast(coalesce(combined.illegible_cells, 0) as integer) as illegible_cells,
    cast(coalesce(combined.uncertain_cells, 0) as integer) as uncertain_cells,
    coalesce(combined.is_empty_declared, false) as is_empty_declared,
    coalesce(combined.is_form_cut, false) as is_form_cut,
    performance.problem_zh,
    performance.problem_en,
    case
        when performance.row_count > 0 and performance.problem_zh is null then 'extracted'
        when performance.row_count > 0 then 'partial'
        when combined.uncertain_cells > 0 then 'partial'
        when combined.stated_cells > 0 and combined.unitless_cells + combined.unplaced_cells + combined.illegible_cells > 0 then 'partial'
        when combined.stated_cells > 0 and combined.has_facts and combined.fact_count = 0 then 'partial'
        when combined.stated_cells > 0 then 'extracted'
        when combined.is_empty_declared then 'empty_by_declaration'
        else 'blank'
    end as status
from combined
full join performance
    on combined.document_id = performance.document_id and combined.statement_code = performance.statement_code
