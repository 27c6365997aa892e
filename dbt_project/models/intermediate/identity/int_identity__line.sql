-- One row per figure or blank cell that identities read, first printings only.
with first_printing as (

    select
        document_id,
        source,
        fact,
        statement_code,
        fund_code,
        basis,
        row_key,
        parent_row_key,
        level,
        column_key,
        parent_column_key,
        cast(amount_yuan as decimal(28, 4)) as amount,
        cast(half_width_yuan as decimal(28, 8)) as half_width,
        'yuan' as value_unit,
        label,
        reported_unit,
        reported_decimals,
        source_ref,
        page_no
    from {{ ref('int_line__unified') }}
    where occurrence = 1

),

printed_again as (

    select distinct
        document_id,
        source,
        fact,
        statement_code,
        fund_code,
        basis,
        row_key,
        column_key
    from {{ ref('int_line__unified') }}
    where occurrence > 1

),

blank_line as (

    select *
    from first_printing
    where amount is null

),

row_with_details as (

    select distinct
        document_id,
        source,
        fact,
        statement_code,
        fund_code,
        basis,
        parent_row_key as row_key,
        column_key
    from first_printing
    where
        amount is not null
        and parent_row_key is not null

),

blank_row_with_details as (

    select blank_line.*
    from blank_line
    inner join row_with_details using (document_id, source, fact, statement_code, fund_code, basis, row_key, column_key)

),

column_with_details as (

    select distinct
        document_id,
        source,
        fact,
        statement_code,
        basis,
        row_key,
        parent_column_key as column_key
    from first_printing
    where
        amount is not null
        and parent_column_key is not null

),

blank_column_with_details as (

    select blank_line.*
    from blank_line
    inner join column_with_details using (document_id, source, fact, statement_code, basis, row_key, column_key)

),

blank_parent as (

    select distinct
        document_id,
        source,
        fact,
        statement_code,
        fund_code,
        basis,
        row_key,
        column_key
    from (
        select * from blank_row_with_details
        union all
        select * from blank_column_with_details
        union all
        select blank_line.*
        from blank_line
        inner join blank_row_with_details as detail
            on
                blank_line.document_id = detail.document_id
                and blank_line.source = detail.source
                and blank_line.fact = detail.fact
                and blank_line.statement_code = detail.statement_code
                and blank_line.fund_code = detail.fund_code
                and blank_line.basis = detail.basis
                and blank_line.row_key = detail.parent_row_key
                and blank_line.column_key = detail.column_key
        union all
        select blank_line.*
        from blank_line
        inner join blank_column_with_details as detail
            on
                blank_line.document_id = detail.document_id
                and blank_line.source = detail.source
                and blank_line.fact = detail.fact
                and blank_line.statement_code = detail.statement_code
                and blank_line.basis = detail.basis
                and blank_line.row_key = detail.row_key
                and blank_line.column_key = detail.parent_column_key
    )

)

select
    line.*,
    blank_parent.document_id is not null as is_blank_parent,
    printed_again.document_id is not null as is_printed_again
from first_printing as line
left join blank_parent using (document_id, source, fact, statement_code, fund_code, basis, row_key, column_key)
left join printed_again using (document_id, source, fact, statement_code, fund_code, basis, row_key, column_key)
union all by name
select
    *,
    false as is_blank_parent,
    false as is_printed_again
from {{ ref('int_identity__further_line') }}
