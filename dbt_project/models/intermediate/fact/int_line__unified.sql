-- One row per money figure of a form or a sentence, and per blank cell of a row that states others: what identities read.
with coded as (
    select * from {{ ref('int_form_cell__code_resolved') }}
),

keyed as (
    select * from {{ ref('int_fact__keyed') }}
),

form_status as (
    select * from {{ ref('int_form__status') }}
),

-- the rows that a form prints, whatever their cells hold, and those that the text states
printed_row as (
    select
        document_id,
        'table' as source,
        statement_code,
        fact,
        row_key,
        share_suffix,
        subject_key,
        code,
        case when fact != 'project_budget' then economic_code end as economic_code,
        government_economic_code
    from coded
    union
    select
        document_id,
        source,
        statement_code,
        fact,
        row_key,
        share_suffix,
        subject_key,
        code,
        case when fact != 'project_budget' then economic_code end as economic_code,
        government_economic_code
    from keyed
),

-- a row that crosses a function with an economic class lies below its function where no finer function does
placed_row as (
    select
        *,
        fact = 'expenditure' and coalesce(economic_code, government_economic_code) is not null as is_cross,
        bool_or(code is not null and coalesce(economic_code, government_economic_code) is null) over (
            partition by document_id, source, statement_code, fact, share_suffix
        ) as has_plain_rows
    from printed_row
),

divided_function as (
    select distinct
        child.document_id,
        child.source,
        child.statement_code,
        child.fact,
        child.row_key
    from placed_row as child
    inner join placed_row as finer
        on
            child.document_id = finer.document_id
            and child.source = finer.source
            and child.statement_code = finer.statement_code
            and child.fact = finer.fact
            and child.share_suffix = finer.share_suffix
            and length(finer.code) > length(child.code)
            and starts_with(finer.code, child.code)
    where child.is_cross and not finer.is_cross
),

-- the nearest ancestor that is itself printed
coded_parent as (
    select
        child.document_id,
        child.source,
        child.statement_code,
        child.fact,
        child.row_key,
        arg_max(
            parent.row_key,
            concat_ws(
                '.', coalesce(length(parent.code), 0), coalesce(length(parent.economic_code), 0), coalesce(length(parent.government_economic_code), 0)
            )
        ) as parent_row_key
    from placed_row as child
    left join divided_function
        on
            child.document_id = divided_function.document_id
            and child.source = divided_function.source
            and child.statement_code = divided_function.statement_code
            and child.fact = divided_function.fact
            and child.row_key = divided_function.row_key
    inner join placed_row as parent
        on
            child.document_id = parent.document_id
            and child.source = parent.source
            and child.statement_code = parent.statement_code
            and child.fact = parent.fact
            and child.share_suffix = parent.share_suffix
            and parent.subject_key != 'total'
            and {{ is_finer('child', 'parent') }}
            and child.is_cross >= parent.is_cross
            and (not child.is_cross or (parent.code = child.code and (parent.is_cross or divided_function.row_key is null)))
    group by all
),

cross_beside_plain_rows as (
    select
        document_id,
        source,
        statement_code,
        fact,
        row_key
    from placed_row
    where is_cross and has_plain_rows
    group by all
),

complete as (
    select * from {{ ref('int_line__completed') }}
),

column_parent as (
    select * from {{ ref('int_line__column_parent_found') }}
),

item_parent as (
    select
        item as row_key,
        parent_item
    from {{ ref('three_public_item') }}
),

item_printed as (
    select distinct
        document_id,
        source,
        fund_code,
        basis,
        share_suffix,
        subject_key
    from complete
    where fact = 'three_public'
),

-- where a form prints a part of vehicles and not their whole, the part is one of the total
item_placed as (
    select
        part.* exclude (subject_key),
        part.subject_key as row_key,
        case
            when part.source = 'table' and whole.subject_key is null and above.parent_item is not null then above.parent_item
            else item_parent.parent_item
        end as parent_item
    from item_printed as part
    inner join item_parent
        on part.subject_key = item_parent.row_key
    left join item_parent as above
        on item_parent.parent_item = above.row_key
    left join item_printed as whole
        on
            part.document_id = whole.document_id
            and part.source = whole.source
            and part.fund_code = whole.fund_code
            and part.basis = whole.basis
            and part.share_suffix = whole.share_suffix
            and item_parent.parent_item = whole.subject_key
)

select
    complete.document_id,
    complete.statement_code,
    complete.source,
    complete.fact,
    complete.fund_code,
    complete.basis,
    complete.row_key,
    complete.share_suffix,
    case
        when complete.fact = 'balance' then null
        when complete.fact = 'three_public' then item_placed.parent_item || complete.share_suffix
        when complete.subject_key = 'total' then null
        when cross_beside_plain_rows.row_key is not null then coded_parent.parent_row_key
        else coalesce(coded_parent.parent_row_key, 'total' || complete.share_suffix)
    end as parent_row_key,
    complete.level,
    complete.column_key,
    column_parent.parent_column_key,
    complete.occurrence,
    complete.label,
    complete.amount_yuan,
    complete.reported_value,
    complete.reported_unit,
    complete.reported_decimals,
    complete.half_width_yuan,
    complete.source_ref,
    complete.page_no,
    complete.form_no,
    form_status.status as form_status,
    coalesce(form_status.is_form_cut, false) as is_form_cut
from complete
left join form_status
    on
        complete.source = 'table'
        and complete.document_id = form_status.document_id
        and complete.statement_code = form_status.statement_code
left join coded_parent
    on
        complete.document_id = coded_parent.document_id
        and complete.source = coded_parent.source
        and complete.statement_code = coded_parent.statement_code
        and complete.fact = coded_parent.fact
        and complete.row_key = coded_parent.row_key
left join cross_beside_plain_rows
    on
        complete.document_id = cross_beside_plain_rows.document_id
        and complete.source = cross_beside_plain_rows.source
        and complete.statement_code = cross_beside_plain_rows.statement_code
        and complete.fact = cross_beside_plain_rows.fact
        and complete.row_key = cross_beside_plain_rows.row_key
left join item_placed
    on
        complete.fact = 'three_public'
        and complete.document_id = item_placed.document_id
        and complete.source = item_placed.source
        and complete.fund_code = item_placed.fund_code
        and complete.basis = item_placed.basis
        and complete.share_suffix = item_placed.share_suffix
        and complete.subject_key = item_placed.row_key
left join column_parent
    on
        complete.document_id = column_parent.document_id
        and complete.source = column_parent.source
        and complete.statement_code = column_parent.statement_code
        and complete.fact = column_parent.fact
        and complete.fund_code = column_parent.fund_code
        and complete.basis = column_parent.basis
        and complete.row_key = column_parent.row_key
        and complete.column_key = column_parent.column_key
