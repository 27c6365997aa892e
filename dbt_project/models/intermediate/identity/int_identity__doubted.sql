-- One row per failed check that a misreading explains better than an error of the publisher.
{% set least_form_checks = 4 -%}
{% set slip_share = 100 -%}
{% set least_digits = 4 -%}
{% set least_rate = 5 -%}
{% set most_slip = 0.1 -%}
{% set least_that_hold = 10 -%}
with failed as (

    select
        failed.*,
        identity.family,
        -- which misreadings may explain a break, is said of each identity in the registry
        string_split(identity.doubts, '|') as doubts,
        coalesce(rule.has_details, false) as sums_details,
        -- figures that differ by a slip of the pen are one figure, whatever else is printed
        abs(failed.difference) * {{ slip_share }} <= greatest(abs(failed.lhs), abs(failed.rhs)) as is_slip
    from {{ ref('int_identity__check') }} as failed
    inner join {{ ref('identities') }} as identity using (identity_id)
    left join {{ ref('int_identity__rule') }} as rule
        on
            failed.identity_id = rule.identity_id
            and rule.is_anchor
    where
        failed.status = 'fail'
        and identity.concerns = 'publisher'

),

figure as (

    select * from {{ ref('int_identity__figure') }}

),

carried_over as (

    select * from {{ ref('int_identity__carried_over') }}

),

row_left_out as (

    select * from {{ ref('int_identity__row_left_out') }}

),

-- 1. most sums of a column or of a form break, or that of one row in most columns, and not because of one figure
decided_sum as (

    select
        decided.check_key,
        decided.document_id,
        -- a sum that leaves out a row of its column is no sign of a misreading
        decided.status = 'fail' and row_left_out.check_key is null as is_failed,
        unnest([
            concat_ws('/', decided.statement_code, decided.fund_code, decided.column_key, decided.basis),
            concat_ws('/', decided.statement_code, decided.identity_id, decided.row_key, decided.basis),
            decided.statement_code
        ]) as place,
        unnest([2, 3, {{ least_form_checks }}]) as least_checks,
        unnest([2, 3, 2]) as least_failed
    from {{ ref('int_identity__check') }} as decided
    inner join {{ ref('identities') }} as identity using (identity_id)
    left join row_left_out using (check_key)
    where
        decided.status in ('pass', 'fail')
        and identity.family = 'sum'
        and coalesce(identity.relation, 'equal') = 'equal'
        and identity.concerns = 'publisher'
        and decided.statement_code is not null

),

counted_place as (

    select
        document_id,
        place,
        count(*) filter (where is_failed) as failed_count
    from decided_sum
    group by
        document_id,
        place
    having
        failed_count >= min(least_failed)
        and failed_count * 2 > count(*)
        and count(*) >= min(least_checks)

),

shared_figure as (

    select
        decided_sum.document_id,
        decided_sum.place,
        figure.figure,
        count(distinct decided_sum.check_key) as failed_count
    from decided_sum
    semi join counted_place using (document_id, place)
    inner join figure using (check_key)
    where decided_sum.is_failed
    group by
        decided_sum.document_id,
        decided_sum.place,
        figure.figure

),

-- who waived READ-001 has compared the form with the original: it was read rightly
read_rightly as (

    select
        document_id,
        scope
    from {{ ref('int_identity__waiver_in_force') }}
    where identity_id = 'READ-001'

),

misread_place as (

    select counted_place.*
    from counted_place
    anti join shared_figure using (document_id, place, failed_count)
    anti join read_rightly
        on
            counted_place.document_id = read_rightly.document_id
            and split_part(counted_place.place, '/', 1) = coalesce(read_rightly.scope, split_part(counted_place.place, '/', 1))

),

in_misread_place as (

    select decided_sum.check_key
    from decided_sum
    semi join misread_place using (document_id, place)
    where decided_sum.is_failed

),

-- 2. without one row that nothing confirms, or with one that was not placed, the sum holds
confirmed_figure as (

    select distinct
        document_id,
        figure
    from figure
    where not is_failed

),

amount_of_cell as (

    select distinct
        document_id,
        source_ref,
        abs(amount_yuan) as amount_yuan
    from {{ ref('int_line__unified') }}
    where
        source = 'table'
        and amount_yuan != 0

),

row_too_many as (

    select distinct
        failed.check_key,
        failed.document_id,
        failed.identity_id,
        figure.figure
    from failed
    inner join figure using (check_key)
    inner join amount_of_cell as amount
        on
            figure.document_id = amount.document_id
            and figure.source_ref = amount.source_ref
    left join confirmed_figure as confirmed
        on
            figure.document_id = confirmed.document_id
            and figure.figure = confirmed.figure
    where
        failed.value_unit = 'yuan'
        and failed.tolerance * {{ slip_share }} < amount.amount_yuan
        and abs(abs(failed.difference) - amount.amount_yuan) <= failed.tolerance
        and confirmed.figure is null

),

-- a figure that its row and its column do without is wrong itself
too_much_in_row_and_column as (

    select
        document_id,
        figure
    from row_too_many
    group by
        document_id,
        figure
    having count(distinct identity_id) > 1

),

with_a_row_too_many as (

    select check_key
    from row_too_many
    anti join too_much_in_row_and_column using (document_id, figure)

),

with_rows_counted_twice as (

    select check_key
    from failed
    where
        sums_details
        and family = 'sum'
        and tolerance < abs(lhs)
        and (abs(rhs - 2 * lhs) <= tolerance or abs(lhs - 2 * rhs) <= tolerance)

),

-- 3. what the text prints for one subject a table prints for another
printed_value as (

    select
        document_id,
        source_ref,
        abs(printed_value)
        * unnest({{ money_units() | map(attribute='factor_yuan') | list }})
            as amount_yuan
    from {{ ref('int_figure__printed_in_table') }}
    where
        printed_value != 0
        and document_id in (select document_id from failed)

),

compared_figure as (

    select
        check_key,
        document_id,
        rhs_ref,
        tolerance,
        abs(lhs) as amount_yuan,
        1 as least_found
    from failed
    where
        list_contains(doubts, 'printed_elsewhere')
        and family = 'narrative_vs_table'
        and lhs != 0
        and not is_slip
    union all
    select
        check_key,
        document_id,
        rhs_ref,
        tolerance,
        abs(unnest([lhs, rhs])) as amount_yuan,
        2 as least_found
    from failed
    where
        list_contains(doubts, 'printed_elsewhere')
        and family = 'narrative_repeat'
        and value_unit = 'yuan'
        and lhs != 0
        and rhs != 0
        and not is_slip

),

-- a change in the other direction is no part of that which a form prints and other checks confirm
turned_round as (

    select failed.check_key
    from failed
    inner join confirmed_figure as confirmed
        on
            failed.document_id = confirmed.document_id
            and failed.rhs_ref = confirmed.figure
    where
        failed.family = 'narrative_vs_table'
        and starts_with(failed.basis, 'change')
        and failed.lhs * failed.rhs < 0

),

printed_elsewhere as (

    select compared_figure.check_key
    from compared_figure
    inner join printed_value
        on
            compared_figure.document_id = printed_value.document_id
            and printed_value.amount_yuan between compared_figure.amount_yuan - compared_figure.tolerance
            and compared_figure.amount_yuan + compared_figure.tolerance
    anti join turned_round using (check_key)
    where
        compared_figure.rhs_ref != printed_value.source_ref
        -- few digits are printed again by chance
        and length(trim(replace(cast(compared_figure.amount_yuan as varchar), '.', ''), '0')) >= {{ least_digits }}
    group by compared_figure.check_key
    having count(distinct compared_figure.amount_yuan) >= min(compared_figure.least_found)

),

-- what the text prints for one measure of a row is another measure of it
other_measure as (

    select distinct failed.check_key
    from failed
    inner join {{ ref('int_line__unified') }} as line
        on
            failed.document_id = line.document_id
            and failed.row_key = line.row_key
            and abs(failed.lhs - line.amount_yuan) <= failed.tolerance
    anti join turned_round using (check_key)
    where
        list_contains(failed.doubts, 'printed_elsewhere')
        and not failed.is_slip
        and failed.lhs != 0
        and line.source = 'table'
        and (failed.column_key != line.column_key or failed.fund_code != line.fund_code or failed.basis != line.basis)

),

-- what two sums differ by is itself printed: a carry-over or a part that one of them leaves out
difference_printed as (

    select distinct failed.check_key
    from failed
    inner join printed_value
        on
            failed.document_id = printed_value.document_id
            and printed_value.amount_yuan between abs(failed.difference) - failed.tolerance and abs(failed.difference) + failed.tolerance
    where
        list_contains(failed.doubts, 'difference_printed')
        and failed.value_unit = 'yuan'
        and length(trim(replace(cast(failed.difference as varchar), '.', ''), '-0')) >= {{ least_digits }}

),

-- what two figures differ by is printed as carried over: one of them has it, the other not
difference_carried_over as (

    select distinct failed.check_key
    from failed
    inner join carried_over
        on
            failed.document_id = carried_over.document_id
            and abs(abs(failed.difference) - carried_over.amount_yuan) <= failed.tolerance + carried_over.half_width_yuan
    where
        failed.value_unit = 'yuan'
        and failed.lhs != 0
        and failed.rhs != 0
        and coalesce(failed.row_key, '') not in ('opening_carryover', 'closing_carryover', 'surplus_used')

),

-- what two sums of one form differ by stands in the same column of its table, in a row that neither has
difference_in_column as (

    select check_key
    from failed
    semi join row_left_out using (check_key)
    where list_contains(doubts, 'difference_in_column')

),

-- the text prints for one cell of a form so many figures that they are of its parts
printed_in_parts as (

    select check_key
    from failed
    where list_contains(doubts, 'printed_in_parts')
    qualify count(*) over (partition by document_id, identity_id, statement_code, fund_code, row_key, column_key, basis) > 1

),

-- a rate that the figures of its sentence make with another printed total
sentence_amount as (

    select distinct
        failed.check_key,
        failed.document_id,
        failed.lhs as reported_pct,
        failed.page_no,
        failed.family,
        abs(failed.difference) <= {{ most_slip }} as is_slip,
        abs(line.amount_yuan) as amount_yuan
    from failed
    inner join {{ ref('int_line__unified') }} as line
        on
            failed.document_id = line.document_id
            and failed.lhs_ref = line.source_ref
    where
        list_contains(failed.doubts, 'fits_other_base')
        and abs(failed.lhs) >= {{ least_rate }}
        and failed.rhs != 0
        and line.amount_yuan != 0

),

base_amount as (

    select distinct
        document_id,
        source,
        page_no,
        row_key in ('total', 'total_income', 'total_expenditure') as is_total,
        abs(amount_yuan) as amount_yuan
    from {{ ref('int_line__unified') }}
    where
        amount_yuan != 0
        and (source = 'narrative' or is_total)

),

fits_other_base as (

    select distinct sentence_amount.check_key
    from sentence_amount
    inner join base_amount using (document_id)
    where
        not sentence_amount.is_slip
        and (base_amount.source = 'table' or abs(base_amount.page_no - sentence_amount.page_no) <= 1)
        and least(
            abs(abs(sentence_amount.reported_pct) * base_amount.amount_yuan - 100 * sentence_amount.amount_yuan),
            abs((100 + sentence_amount.reported_pct) * base_amount.amount_yuan - 100 * sentence_amount.amount_yuan),
            abs(abs(sentence_amount.reported_pct) * (base_amount.amount_yuan - sentence_amount.amount_yuan) - 100 * sentence_amount.amount_yuan)
        ) <= 0.005 * base_amount.amount_yuan

),

-- a share of what is left of a total without the part that is carried over
fits_base_without_carryover as (

    select distinct sentence_amount.check_key
    from sentence_amount
    inner join base_amount using (document_id)
    inner join carried_over
        on sentence_amount.document_id = carried_over.document_id
    where
        sentence_amount.family = 'share'
        and base_amount.is_total
        and carried_over.amount_yuan < base_amount.amount_yuan
        and abs(sentence_amount.reported_pct * (base_amount.amount_yuan - carried_over.amount_yuan) - 100 * sentence_amount.amount_yuan)
        <= 0.005 * base_amount.amount_yuan

),

-- 4. what is printed again belongs to blocks or columns that the form does not name: more than two figures, or two in one row
printed_again as (

    select check_key
    from failed
    where list_contains(doubts, 'unnamed_blocks')
    qualify
        -- a figure that stands in no form is told by what it is
        count(*) over (partition by document_id, identity_id, coalesce(statement_code, row_key)) > 2
        or regexp_extract(lhs_ref, '^p[0-9]+t[0-9]+r[0-9]+') = regexp_extract(rhs_ref, '^p[0-9]+t[0-9]+r[0-9]+')
        and contains(lhs_ref, 't')
        -- two figures of one sentence are of two kinds
        or lhs_ref = rhs_ref
        -- a project right below a category of its name is a part of it
        or statement_code in ('project', 'general_public_project')
        and regexp_extract(lhs_ref, '^p[0-9]+t[0-9]+') = regexp_extract(rhs_ref, '^p[0-9]+t[0-9]+')
        and try_cast(regexp_extract(lhs_ref, 't[0-9]+r([0-9]+)', 1) as integer)
        = try_cast(regexp_extract(rhs_ref, 't[0-9]+r([0-9]+)', 1) as integer) + 1
        and abs(lhs) < abs(rhs)

),

-- 5. in a document that is not read wholly, one side of the check is not confirmed by any other
poorly_read as (

    select document_id
    from {{ ref('int_identity__check') }}
    where
        identity_id = 'READ-004'
        and status = 'fail'

),

confirmed_side as (

    select
        figure.check_key,
        figure.side
    from figure
    inner join confirmed_figure using (document_id, figure)
    where figure.is_failed
    group by
        figure.check_key,
        figure.side

),

without_witness as (

    select failed.check_key
    from failed
    semi join poorly_read using (document_id)
    anti join turned_round using (check_key)
    left join confirmed_side using (check_key)
    -- a list is compared with the rows of one form, which may be read wholly
    left join {{ ref('int_form__status') }} as form
        on
            failed.family = 'item_list'
            and failed.document_id = form.document_id
            and failed.statement_code = form.statement_code
            and form.status = 'extracted'
    where
        form.document_id is null
        and not failed.is_slip
        and list_contains(failed.doubts, 'not_confirmed')
    group by failed.check_key
    having count(distinct confirmed_side.side) < 2

),

-- 6. in a document where much holds nothing confirms either side, and they are not one figure with a slip of the pen
document_that_holds as (

    select document_id
    from {{ ref('int_identity__check') }} as passed
    inner join {{ ref('identities') }} as identity using (identity_id)
    where
        passed.status = 'pass'
        and passed.value_unit = 'yuan'
        and identity.concerns = 'publisher'
        and coalesce(identity.relation, 'equal') = 'equal'
    group by document_id
    having count(*) >= {{ least_that_hold }}

),

without_any_witness as (

    select failed.check_key
    from failed
    semi join document_that_holds using (document_id)
    anti join confirmed_side using (check_key)
    where
        failed.value_unit = 'yuan'
        and not failed.is_slip
        and list_contains(failed.doubts, 'confirmed_nowhere')

),

-- 7. the document says that secret items are left out: the rows of a sum may be fewer than its whole
withholding as (

    select distinct document_id
    from {{ ref('stg_disclosure__paragraph') }}
    where regexp_matches(
        text,
        '(涉密|国家秘密|保密)[^。；]{0,40}(剔除|扣除)|(剔除|扣除)[^。；]{0,10}(涉密|秘密)'
        || '|涉密(项目|事项|支出|部分|资金|科目)[^。；]{0,20}(不予公开|不公开|未公开|未列|不列)'
    )

),

withheld as (

    select check_key
    from failed
    semi join withholding using (document_id)
    where
        list_contains(doubts, 'withheld')
        and abs(rhs) < abs(lhs)

),

-- 8. figures stand on the pages of a form that were not read, or the next page begins with a table that nothing names: its rows are more
form_with_unread as (

    select distinct
        form.document_id,
        form.statement_code
    from {{ ref('stg_disclosure__form') }} as form
    inner join {{ ref('int_figure__accounted') }} as figure
        on
            form.document_id = figure.document_id
            and (
                figure.reason_code in ('no_sentence', 'unknown_table', 'lost')
                and figure.page_no between form.page_from and coalesce(form.page_to, form.page_from)
                or figure.reason_code = 'unknown_table'
                and figure.page_no = coalesce(form.page_to, form.page_from) + 1
            )
    where figure.status = 'unread'

),

-- a cell that holds a name, words and points holds a row that nobody divided
table_with_undivided_row as (

    select distinct
        document_id,
        regexp_extract(source_ref, '^p[0-9]+t[0-9]+') as table_ref
    from {{ ref('stg_disclosure__cell') }}
    where
        starts_with(source_ref, 'p')
        and regexp_matches(text, '[\x{4e00}-\x{9fff}]\S* (\S+ )+[0-9.]+$')

),

with_rows_unread as (

    select failed.check_key
    from failed
    semi join form_with_unread
        on
            failed.document_id = form_with_unread.document_id
            and failed.statement_code = form_with_unread.statement_code
    where
        list_contains(failed.doubts, 'rows_unread')
        and abs(failed.rhs) < abs(failed.lhs)
    union
    select failed.check_key
    from failed
    semi join table_with_undivided_row as undivided
        on
            failed.document_id = undivided.document_id
            and regexp_extract(concat_ws(' ', failed.lhs_ref, failed.rhs_ref), 'p[0-9]+t[0-9]+') = undivided.table_ref
    where list_contains(failed.doubts, 'row_undivided')

),

doubted as (

    select
        check_key,
        'withheld' as doubt,
        0 as priority
    from withheld
    union all
    select
        check_key,
        'most_sums_break' as doubt,
        1 as priority
    from in_misread_place
    union all
    select
        check_key,
        'rows_unread' as doubt,
        2 as priority
    from with_rows_unread
    union all
    select
        check_key,
        'row_not_confirmed' as doubt,
        3 as priority
    from with_a_row_too_many
    union all
    select
        check_key,
        'counted_twice' as doubt,
        2 as priority
    from with_rows_counted_twice
    union all
    select
        check_key,
        'printed_elsewhere' as doubt,
        4 as priority
    from printed_elsewhere
    union all
    select
        check_key,
        'printed_elsewhere' as doubt,
        4 as priority
    from other_measure
    union all
    select
        check_key,
        'difference_printed' as doubt,
        4 as priority
    from difference_printed
    union all
    select
        check_key,
        'difference_printed' as doubt,
        4 as priority
    from difference_carried_over
    union all
    select
        check_key,
        'difference_printed' as doubt,
        4 as priority
    from difference_in_column
    union all
    select
        check_key,
        'printed_in_parts' as doubt,
        5 as priority
    from printed_in_parts
    union all
    select
        check_key,
        'fits_other_base' as doubt,
        4 as priority
    from fits_base_without_carryover
    union all
    select
        check_key,
        'fits_other_base' as doubt,
        4 as priority
    from fits_other_base
    union all
    select
        check_key,
        'unnamed_blocks' as doubt,
        5 as priority
    from printed_again
    union all
    select
        check_key,
        'not_confirmed' as doubt,
        6 as priority
    from without_witness
    union all
    select
        check_key,
        'not_confirmed' as doubt,
        6 as priority
    from without_any_witness

)

select
    check_key,
    failed.document_id,
    arg_min(doubted.doubt, (doubted.priority, doubted.doubt)) as reason_code
from doubted
inner join failed using (check_key)
group by
    check_key,
    failed.document_id
