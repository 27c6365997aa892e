-- One row per amount that a document prints as carried over or left: a line of its forms, or a figure of its text.
with line as (

    select
        document_id,
        abs(amount_yuan) as amount_yuan,
        coalesce(half_width_yuan, 0) as half_width_yuan
    from {{ ref('int_line__unified') }}
    where
        fact = 'balance'
        and row_key in ('opening_carryover', 'closing_carryover', 'surplus_used')

),

labelled as (

    select
        document_id,
        abs(amount_yuan) as amount_yuan,
        coalesce(half_width_yuan, 0) as half_width_yuan
    from {{ ref('int_form_cell__code_resolved') }}
    where regexp_matches(label, '结转|结余|余额|实户资金')

),

said as (

    select
        document_id,
        abs({{ to_yuan('printed_value', 'unit_text') }}) as amount_yuan,
        coalesce({{ half_width_yuan('reported_decimals', 'unit_text') }}, 0) as half_width_yuan
    from {{ ref('stg_disclosure__claim') }}
    where regexp_matches({{ simplified('sentence') }}, '(结转|结余|余额)[^,，。；;：:0-9]{0,12}' || replace(figure_text, '.', '[.]') || unit_text)

),

amount as (

    select * from line
    union all
    select * from labelled
    union all
    select * from said

)

select
    document_id,
    amount_yuan,
    max(half_width_yuan) as half_width_yuan
from amount
where amount_yuan != 0
group by
    document_id,
    amount_yuan
