-- One row per check that is evaluated from terms, before waivers.
with side_total as (

    select
        check_key,
        coalesce(sum(sign * amount) filter (where side = 'left'), 0) as lhs,
        coalesce(sum(sign * amount) filter (where side = 'right'), 0) as rhs,
        coalesce(sum(half_width), 0) as rounding_envelope,
        coalesce(min(value_unit), 'yuan') as value_unit,
        bool_or(has_nonzero) as states_money,
        sum(stated_count) filter (where side = 'left') as lhs_stated_count,
        sum(stated_count) filter (where side = 'right') as rhs_stated_count,
        string_agg(source_refs, ' ' order by term_number) filter (where side = 'left') as lhs_ref,
        string_agg(source_refs, ' ' order by term_number) filter (where side = 'right') as rhs_ref,
        arg_min(page_no, (side, term_number)) as page_no,
        bool_or(form_status = 'partial') as reads_partial_form,
        bool_or(form_status = 'partial' and term_state in ('blank', 'absent')) as misses_in_partial_form,
        bool_or(form_status = 'partial' and pick in ('row_children', 'column_children')) as sums_partial_form,
        bool_or(is_one_of_several) as reads_one_of_several,
        bool_or(is_form_cut and (pick = 'row_children' or term_state = 'absent')) as reads_cut_form,
        bool_or(has_blank_parent and pick in ('row_children', 'column_children')) as sums_blank_parent,
        bool_or(has_printed_again) as reads_figure_printed_again,
        bool_or(term_state = 'ambiguous') as is_ambiguous,
        bool_or(pick in ('row_children', 'column_children') and stated_count = 0) as has_blank_details,
        bool_or(
            when_blank = 'required' and stated_count = 0
            or when_blank = 'all_required' and stated_count < greatest(line_count, 1)
        ) as misses_term,
        bool_or(
            when_blank = 'required'
            and stated_count = 0
            and is_of_forms
            and read_statement_code is not null
            and coalesce(form_status, 'not_declared') in ('not_declared', 'declared_but_missing')
        ) as misses_form,
        bool_or(
            when_blank = 'required'
            and stated_count = 0
            and form_status = 'empty_by_declaration'
        ) as misses_empty_form
    from {{ ref('int_identity__term') }}
    group by check_key

),

family_of_identity as (

    select
        identity_id,
        family,
        tolerance_policy_id,
        relation
    from {{ ref('identities') }}

),

compared as (

    select
        due.*,
        family_of_identity.family,
        side_total.* exclude (check_key),
        case family_of_identity.relation
            when 'at_most' then greatest(side_total.lhs - side_total.rhs, 0)
            when 'at_least' then least(side_total.lhs - side_total.rhs, 0)
            else side_total.lhs - side_total.rhs
        end as difference,
        case
            when family_of_identity.tolerance_policy_id = 'display_rounding' then side_total.rounding_envelope
            else 0
        end as tolerance
    from {{ ref('int_identity__due') }} as due
    inner join family_of_identity using (identity_id)
    left join side_total using (check_key)

),

reasoned as (

    select
        *,
        case
            when is_placeholder then 'not_printed'
            when misses_term and not states_money then 'zero_only'
            when misses_empty_form then 'form_empty'
            when misses_form then 'form_absent'
            when misses_term then 'term_missing'
            when family = 'sum' and reads_partial_form or sums_partial_form or misses_in_partial_form then 'form_partial'
            when reads_cut_form then 'form_cut'
            when is_ambiguous then 'ambiguous'
            when sums_blank_parent then 'blank_parent'
            when abs(difference) <= tolerance then null
            when reads_one_of_several then 'ambiguous'
            when reads_figure_printed_again then 'printed_twice'
            when has_blank_details then 'details_blank'
            when lhs_stated_count = 0 or rhs_stated_count = 0 then 'side_blank'
        end as reason_code
    from compared

)

select
    check_key,
    document_id,
    identity_id,
    scope,
    coalesce(value_unit, 'yuan') as value_unit,
    case
        when reason_code in ('not_printed', 'zero_only') then 'not_applicable'
        when reason_code is not null then 'not_evaluable'
        when abs(difference) <= tolerance then 'pass'
        else 'fail'
    end as status,
    reason_code,
    case when lhs_stated_count > 0 then cast(lhs as decimal(28, 4)) end as lhs,
    case when rhs_stated_count > 0 then cast(rhs as decimal(28, 4)) end as rhs,
    case when reason_code is null then cast(difference as decimal(28, 4)) end as difference,
    case when reason_code is null then cast(tolerance as decimal(28, 8)) end as tolerance,
    lhs_ref,
    rhs_ref,
    page_no,
    nullif(statement_code, '') as statement_code,
    nullif(fund_code, '') as fund_code,
    nullif(row_key, '') as row_key,
    nullif(column_key, '') as column_key,
    nullif(basis, '') as basis
from reasoned
