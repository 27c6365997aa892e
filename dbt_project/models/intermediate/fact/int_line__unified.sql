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
        code
    from coded
    union
    select
        document_id,
        source,
        statement_code,
        fact,
        row_key,
        code
    from keyed
),

-- the nearest ancestor that is itself printed
coded_parent as (
    select
        child.document_id,
        child.source,
        child.statement_code,
        child.fact,
        child.row_key,
        arg_max(parent.row_key, length(parent.code)) as parent_row_key
    from printed_row as child
    inner join printed_row as parent
        on
            child.document_id = parent.document_id
            and child.source = parent.source
            and child.statement_code = parent.statement_code
            and child.fact = parent.fact
            and length(parent.code) < length(child.code)
            and starts_with(child.code, parent.code)
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
)

select
    complete.document_id,
    complete.statement_code,
    complete.source,
    complete.fact,
    complete.fund_code,
    complete.basis,
    complete.row_key,
    case
        when complete.fact = 'balance' then null
        when complete.fact = 'three_public' then item_parent.parent_item
        when complete.row_key = 'total' then null
        else coalesce(coded_parent.parent_row_key, 'total')
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
left join item_parent
    on complete.fact = 'three_public' and complete.row_key = item_parent.row_key
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
