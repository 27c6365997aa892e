-- One row per document and statutory form that it must hold, lists, declares empty or holds.
with document as (
    select * from {{ ref('stg_disclosure__document') }}
),

statement as (
    select * from {{ ref('forms') }}
),

form_status as (
    select * from {{ ref('int_form__status') }}
),

declaration as (
    select
        document_id,
        statement_code,
        bool_or(kind = 'listed') as is_listed,
        bool_or(kind = 'announced') as is_announced,
        bool_or(kind in ('empty', 'none')) as is_declared_empty
    from {{ ref('stg_disclosure__declaration') }}
    group by document_id, statement_code
),

-- a form that another file of the disclosure prints
in_companion as (
    select distinct
        own.document_id,
        form_status.statement_code
    from {{ ref('int_document__unit_identified') }} as own
    inner join {{ ref('int_document__unit_identified') }} as other
        on own.disclosure_id = other.disclosure_id and own.document_id != other.document_id
    inner join form_status
        on other.document_id = form_status.document_id
),

expected as (
    select
        document.document_id,
        statement.statement_code,
        statement.in_final_accounts and document.doc_type = 'final_accounts'
        or statement.in_budget and document.doc_type = 'departmental_budget' as is_statutory
    from document
    cross join statement
    where statement.layout != 'text'
),

held_form as (
    select * from {{ ref('int_form__held') }}
),

status_found as (
    select
        expected.document_id,
        expected.statement_code,
        expected.is_statutory,
        coalesce(declaration.is_announced, false)
        or coalesce(declaration.is_listed, false) and in_companion.document_id is not null as is_announced,
        coalesce(declaration.is_listed, false) as is_listed,
        coalesce(declaration.is_declared_empty, false) as is_declared_empty,
        form_status.status as form_status,
        coalesce(form_status.is_form_cut, false) as is_form_cut,
        held_form.document_id is not null as is_held,
        coalesce(form_status.row_count, 0) as row_count,
        coalesce(form_status.unitless_cells, 0) as unitless_cells,
        coalesce(form_status.unplaced_cells, 0) as unplaced_cells,
        coalesce(form_status.illegible_cells, 0) as illegible_cells,
        coalesce(form_status.uncertain_cells, 0) as uncertain_cells,
        form_status.problem_zh,
        form_status.problem_en
    from expected
    left join form_status
        on expected.document_id = form_status.document_id and expected.statement_code = form_status.statement_code
    left join declaration
        on expected.document_id = declaration.document_id and expected.statement_code = declaration.statement_code
    left join held_form
        on expected.document_id = held_form.document_id and expected.statement_code = held_form.statement_code
    left join in_companion
        on expected.document_id = in_companion.document_id and expected.statement_code = in_companion.statement_code
)

select
    document_id,
    statement_code,
    case
        when is_held then 'partial'
        when form_status in ('extracted', 'partial', 'empty_by_declaration') then form_status
        when is_declared_empty then 'empty_by_declaration'
        when form_status = 'blank' then 'blank'
        when is_announced then 'in_companion'
        when is_listed then 'declared_but_missing'
        else 'not_declared'
    end as status,
    row_count as "rows",
    is_form_cut,
    case
        when is_held then '表内多数勾稽不成立，可能识别有误，其数未载入'
        when problem_zh is not null then problem_zh
        when uncertain_cells > 0 then '扫描页上有 ' || uncertain_cells || ' 个数识别置信度过低，未载入'
        when unitless_cells > 0 then '金额单位未印出且无从推定，未载入 ' || unitless_cells || ' 个数'
        when unplaced_cells > 0 then '有 ' || unplaced_cells || ' 个数的行、栏或所属单位无法确定，未载入'
        when illegible_cells > 0 then '有 ' || illegible_cells || ' 个单元格不是数，未载入'
        when form_status = 'partial' then '表中的数在事实表中没有位置，未载入'
        when is_form_cut then '表中无合计行，或其下有行未能读出，可能缺行；合计类勾稽不作评价'
        when form_status = 'blank' and not is_declared_empty then '表已印出但全空，且无说明'
    end as note_zh,
    case
        when is_held then 'no figure loaded: most of its checks break, it was probably misread'
        when problem_en is not null then problem_en
        when uncertain_cells > 0 then uncertain_cells || ' figures not loaded: read from scanned pages with too little confidence'
        when unitless_cells > 0 then unitless_cells || ' figures not loaded: no unit is printed and none can be inferred'
        when unplaced_cells > 0 then unplaced_cells || ' figures not loaded: their row, their column or the unit that they belong to is not certain'
        when illegible_cells > 0 then illegible_cells || ' cells not loaded: they hold no number'
        when form_status = 'partial' then 'no figure of the form has a place in the facts'
        when is_form_cut then 'the form has no total row, or rows below it were not read: rows may be missing; sums over rows are not evaluated'
        when form_status = 'blank' and not is_declared_empty then 'the form is printed blank, without a note that says why'
    end as note_en
from status_found
where is_statutory or is_listed or is_announced or is_declared_empty or form_status is not null
