-- One row per due check and term.
{% set dimensions = scope_dimensions() -%}

with due_term as (

    select
        due.check_key,
        due.document_id,
        due.identity_id,
        rule.side,
        rule.term_number,
        rule.sign,
        rule.pick,
        rule.when_blank,
        rule.document,
        rule.is_of_forms,
        rule.is_anchor,
        rule.relation,
        {%- for dimension in dimensions %}
        case when rule.is_{{ dimension }}_in_key then due.{{ dimension }} else '' end as {{ dimension }},
        {%- endfor %}
        coalesce(rule.own_statement_code, case when rule.is_statement_code_in_key then due.statement_code end)
            as named_statement_code
    from {{ ref('int_identity__due') }} as due
    inner join {{ ref('int_identity__rule') }} as rule
        on due.identity_id = rule.identity_id
    where
        not due.is_placeholder
        and rule.side in ('left', 'right')

),

valued as (

    select
        due_term.* exclude (named_statement_code),
        coalesce(due_term.named_statement_code, value.printed_statement_code) as read_statement_code,
        coalesce(value.choice, '') as choice,
        coalesce(value.line_count, 0) as line_count,
        coalesce(value.stated_count, 0) as stated_count,
        coalesce(value.has_nonzero, false) as has_nonzero,
        coalesce(value.has_blank_parent, false) as has_blank_parent,
        coalesce(value.has_printed_again, false) as has_printed_again,
        value.amount,
        value.half_width,
        value.value_unit,
        value.file_name,
        coalesce(value.is_one_of_several, false) as is_one_of_several,
        value.page_no,
        array_to_string(list_sort(string_split(value.source_refs, ' ')), ' ') as source_refs
    from due_term
    left join {{ ref('int_identity__value') }} as value
        on
            due_term.document_id = value.document_id
            and due_term.identity_id = value.identity_id
            and due_term.side = value.side
            and due_term.term_number = value.term_number
            {%- for dimension in dimensions %}
            and due_term.{{ dimension }} = value.{{ dimension }}
            {%- endfor %}

),

anchor as (

    select
        check_key,
        amount,
        half_width,
        read_statement_code
    from valued
    where is_anchor

),

-- of several lines that may agree with the anchor the one that does, else the one of the same form
chosen as (

    select valued.*
    from valued
    left join anchor using (check_key)
    qualify
        valued.pick <> 'any'
        or row_number() over (
            partition by valued.check_key, valued.side, valued.term_number
            order by
                greatest(
                    case valued.relation
                        when 'at_most' then anchor.amount - valued.amount
                        when 'at_least' then valued.amount - anchor.amount
                        else abs(valued.amount - anchor.amount)
                    end - valued.half_width - anchor.half_width, 0
                ) nulls last,
                valued.read_statement_code is distinct from anchor.read_statement_code,
                valued.choice
        ) = 1

),

form_status as (

    select
        document_id,
        statement_code as read_statement_code,
        status as form_status,
        is_form_cut
    from {{ ref('int_form__status') }}

)

select
    chosen.* exclude (is_anchor, relation),
    form_status.form_status,
    coalesce(form_status.is_form_cut, false) as is_form_cut,
    case
        when chosen.pick = 'line' and chosen.stated_count > 1 then 'ambiguous'
        when chosen.stated_count > 0 then 'stated'
        when chosen.line_count > 0 then 'blank'
        else 'absent'
    end as term_state
from chosen
left join form_status
    on
        chosen.is_of_forms
        and chosen.document = 'own'
        and chosen.document_id = form_status.document_id
        and chosen.read_statement_code = form_status.read_statement_code
