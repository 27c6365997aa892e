-- One row per stated money figure of a form or a sentence, once for each key and value; another value, or the same in another unnamed
-- block that adds up to the total, is occurrence 2, 3 …
with cell as (
    select * from {{ ref('int_form_cell__code_resolved') }}
),

claim as (
    select * from {{ ref('int_claim__code_resolved') }}
),

parted_form as (
    select
        *,
        true as is_part
    from {{ ref('int_form__parts_found') }}
),

stated as (
    select
        document_id,
        stage,
        fiscal_year,
        statement_code,
        'table' as source,
        fact,
        fund_code,
        basis,
        case when basis = 'change_from_prior_year' then comparison_word end as comparison_base,
        row_key,
        subject_key,
        share_suffix,
        budget_unit_name,
        budget_part,
        column_key,
        level,
        code,
        economic_code,
        government_economic_code,
        label,
        amount_yuan,
        reported_value,
        reported_unit,
        reported_decimals,
        half_width_yuan,
        unit_inferred,
        form_no,
        row_no,
        col_no,
        page_no,
        source_ref,
        coalesce(is_part, false) as is_part
    from cell
    left join parted_form using (document_id, form_no, fact, share_suffix)
    where amount_yuan is not null and basis is not null
    union all by name
    select
        document_id,
        stage,
        fiscal_year,
        statement_code,
        'narrative' as source,
        fact,
        fund_code,
        basis,
        comparison_base,
        row_key,
        subject_key,
        share_suffix,
        budget_unit_name,
        column_key,
        level,
        code,
        government_economic_code,
        label,
        amount_yuan,
        reported_value,
        reported_unit,
        reported_decimals,
        half_width_yuan,
        false as unit_inferred,
        claim_no as row_no,
        page_no,
        source_ref,
        false as is_part
    from claim
    where fact in ('expenditure', 'revenue', 'balance', 'economic', 'three_public')
),

first_printed as (
    select *
    from stated
    qualify row_number() over (
        partition by
            document_id, source, statement_code, fact, fund_code, basis, row_key, column_key,
            case when is_part then row_no else amount_yuan end
        order by form_no, row_no, col_no
    ) = 1
)

select
    * exclude (row_no, col_no),
    cast(row_number() over (
        partition by document_id, source, statement_code, fact, fund_code, basis, row_key, column_key
        order by form_no, row_no, col_no
    ) as integer) as occurrence
from first_printed
