-- One row per money figure of a form or a sentence, and per blank cell of a row that states others.
with coded as (
    select * from {{ ref('int_form_cell__code_resolved') }}
),

keyed as (
    select * from {{ ref('int_fact__keyed') }}
),

-- blocks that add up to the total are parts of one figure
line as (
    select
        document_id,
        statement_code,
        source,
        fact,
        fund_code,
        basis,
        row_key,
        subject_key,
        share_suffix,
        column_key,
        level,
        code,
        label,
        occurrence,
        amount_yuan,
        reported_value,
        reported_unit,
        reported_decimals,
        half_width_yuan,
        source_ref,
        page_no,
        form_no
    from keyed
    where not is_part
    union all by name
    select
        document_id,
        statement_code,
        source,
        fact,
        fund_code,
        basis,
        row_key,
        subject_key,
        share_suffix,
        column_key,
        level,
        code,
        1 as occurrence,
        reported_unit,
        form_no,
        arg_min(label, occurrence) as label,
        cast(sum(amount_yuan) as decimal(20, 2)) as amount_yuan,
        cast(sum(reported_value) as decimal(20, 6)) as reported_value,
        max(reported_decimals) as reported_decimals,
        cast(sum(half_width_yuan) as decimal(28, 8)) as half_width_yuan,
        arg_min(source_ref, occurrence) as source_ref,
        arg_min(page_no, occurrence) as page_no
    from keyed
    where is_part
    group by all
),

blank as (
    select
        document_id,
        statement_code,
        'table' as source,
        fact,
        fund_code,
        basis,
        row_key,
        subject_key,
        share_suffix,
        column_key,
        level,
        code,
        label,
        1 as occurrence,
        cast(null as decimal(20, 2)) as amount_yuan,
        cast(null as decimal(20, 6)) as reported_value,
        reported_unit,
        cast(null as integer) as reported_decimals,
        cast(null as decimal(28, 8)) as half_width_yuan,
        source_ref,
        page_no,
        form_no
    from coded
    where amount_yuan is null and basis is not null
    qualify
        row_number() over (
            partition by document_id, statement_code, fact, fund_code, basis, row_key, column_key
            order by form_no, row_no, col_no
        ) = 1
),

complete as (
    select * from line
    union all by name
    select blank.*
    from blank
    anti join line
        on
            blank.document_id = line.document_id
            and blank.source = line.source
            and blank.statement_code = line.statement_code
            and blank.fact = line.fact
            and blank.fund_code = line.fund_code
            and blank.basis = line.basis
            and blank.row_key = line.row_key
            and blank.column_key = line.column_key
)

select * from complete
