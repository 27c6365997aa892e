-- One row per form, fact and budget unit or part whose rows are printed in unnamed blocks that add up to its total.
with cell as (
    select
        *,
        half_width_yuan as envelope_yuan
    from {{ ref('int_form_cell__code_resolved') }}
    where
        fact in ('expenditure', 'revenue', 'economic')
        and side is null
        and amount_yuan is not null
        and basis is not null
),

printed_row as (
    select
        document_id,
        form_no,
        fact,
        share_suffix,
        fund_code,
        basis,
        column_key,
        subject_key,
        any_value(code) as code,
        any_value(economic_code) as economic_code,
        any_value(government_economic_code) as government_economic_code,
        count(*) as printing_count,
        sum(amount_yuan) as amount_yuan,
        sum(envelope_yuan) as envelope_yuan
    from cell
    where row_role = 'coded'
    group by all
),

coded_row as (
    select distinct
        document_id,
        form_no,
        fact,
        share_suffix,
        subject_key,
        code,
        economic_code,
        government_economic_code
    from printed_row
),

finest as (
    select upper_row.*
    from coded_row as upper_row
    where not exists (
        select 1
        from coded_row as finer
        where
            finer.document_id = upper_row.document_id
            and finer.form_no = upper_row.form_no
            and finer.fact = upper_row.fact
            and finer.share_suffix = upper_row.share_suffix
            and {{ is_finer('finer', 'upper_row') }}
    )
),

finest_row as (
    select printed_row.*
    from printed_row
    inner join finest using (document_id, form_no, fact, share_suffix, subject_key)
),

added_up as (
    select
        document_id,
        form_no,
        fact,
        share_suffix,
        fund_code,
        basis,
        column_key,
        max(printing_count) as printing_count,
        sum(amount_yuan) as amount_yuan,
        sum(envelope_yuan) as envelope_yuan
    from finest_row
    group by all
),

form_total as (
    select
        document_id,
        form_no,
        fact,
        share_suffix,
        fund_code,
        basis,
        column_key,
        arg_min(amount_yuan, row_no) as amount_yuan,
        arg_min(envelope_yuan, row_no) as envelope_yuan
    from cell
    where row_role = 'total'
    group by all
)

select
    added_up.document_id,
    added_up.form_no,
    added_up.fact,
    added_up.share_suffix
from added_up
inner join form_total using (document_id, form_no, fact, share_suffix, fund_code, basis, column_key)
group by all
having
    max(added_up.printing_count) > 1
    and bool_and(abs(added_up.amount_yuan - form_total.amount_yuan) <= added_up.envelope_yuan + form_total.envelope_yuan)
