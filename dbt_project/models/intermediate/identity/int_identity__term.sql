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
        coalesce(value.line_count, 0) as line_count,
        coalesce(value.stated_count, 0) as stated_count,
        coalesce(value.has_nonzero, false) as has_nonzero,
        coalesce(value.has_blank_parent, false) as has_blank_parent,
        coalesce(value.has_printed_again, false) as has_printed_again,
        value.amount_yuan,
        value.half_width_yuan,
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

form_status as (

    select
        document_id,
        statement_code as read_statement_code,
        status as form_status,
        is_form_cut
    from {{ ref('int_form__status') }}

)

select
    valued.*,
    form_status.form_status,
    coalesce(form_status.is_form_cut, false) as is_form_cut,
    case
        when valued.pick = 'line' and valued.stated_count > 1 then 'ambiguous'
        when valued.stated_count > 0 then 'stated'
        when valued.line_count > 0 then 'blank'
        else 'absent'
    end as term_state
from valued
left join form_status using (document_id, read_statement_code)
