-- One row per recognised form: the unit of its amounts, printed or inferred.
{% set least_digits = 4 -%}
{% set least_figures = 2 -%}
with form as (
    select * from {{ ref('stg_disclosure__form') }}
),

cell as (
    select * from {{ ref('stg_disclosure__form_cell') }}
),

-- what a form adds up to: the amounts of its total rows
form_total as (
    select
        form.document_id,
        form.form_no,
        form.printed_unit,
        cell.reported_value,
        max(cell.reported_value) over (partition by form.document_id, form.form_no) as largest_value,
        max(cell.reported_decimals) over (partition by form.document_id, form.form_no) as decimals
    from form
    inner join cell
        on form.document_id = cell.document_id and form.form_no = cell.form_no
    where
        cell.reported_value > 0
        and (cell.row_kind = 'total' or cell.line_code in ('total_income', 'total_expenditure', 'current_income', 'current_expenditure'))
),

unit as (
    select unit from {{ ref('money_unit') }}
),

-- the units under which a form's largest total is a total of another form of the same document
witnessed as (
    select distinct
        unknown.document_id,
        unknown.form_no,
        unit.unit
    from form_total as unknown
    cross join unit
    inner join form_total as known
        on unknown.document_id = known.document_id and unknown.form_no != known.form_no
    where
        unknown.printed_unit is null
        and known.printed_unit is not null
        and unknown.reported_value = unknown.largest_value
        and abs({{ to_yuan('unknown.reported_value', 'unit.unit') }} - {{ to_yuan('known.reported_value', 'known.printed_unit') }})
            <= {{ half_width_yuan('unknown.decimals', 'unit.unit') }} + {{ half_width_yuan('known.decimals', 'known.printed_unit') }}
),

-- the units under which a form's figures are stated in the document's text, each of them with digits enough to be told
stated_in_text as (
    select
        form.document_id,
        form.form_no,
        unit.unit,
        count(distinct cell.reported_value) as figure_count,
        bool_or(cell.row_kind = 'total') as has_total
    from form
    inner join cell
        on form.document_id = cell.document_id and form.form_no = cell.form_no
    cross join unit
    inner join {{ ref('int_claim__amount_normalised') }} as claim
        on
            form.document_id = claim.document_id
            and claim.unit_kind = 'money'
            and abs(abs(claim.amount_yuan) - {{ to_yuan('cell.reported_value', 'unit.unit') }})
            <= {{ half_width_yuan('cell.reported_decimals', 'unit.unit') }} + claim.half_width_yuan
    where
        form.printed_unit is null
        and cell.reported_value > 0
        and length(trim(replace(cast(cell.reported_value as varchar), '.', ''), '0')) >= {{ least_digits }}
        and length(trim(replace(cast(claim.reported_value as varchar), '.', ''), '-0')) >= {{ least_digits }}
    group by form.document_id, form.form_no, unit.unit
),

unit_of_text as (
    select
        document_id,
        form_no,
        min(unit) as unit
    from stated_in_text
    group by document_id, form_no
    having count(*) = 1 and (bool_or(has_total) or max(figure_count) >= {{ least_figures }})
),

unit_of_form as (
    select
        document_id,
        form_no,
        min(unit) as unit
    from witnessed
    group by document_id, form_no
    having count(*) = 1
),

inferred as (
    select
        document_id,
        form_no,
        coalesce(unit_of_form.unit, unit_of_text.unit) as unit
    from unit_of_form
    full join unit_of_text using (document_id, form_no)
    where unit_of_form.unit is null or unit_of_text.unit is null or unit_of_form.unit = unit_of_text.unit
)

select
    form.document_id,
    form.form_no,
    form.statement_code,
    coalesce(form.printed_unit, inferred.unit) as reported_unit,
    form.printed_unit is null and inferred.unit is not null as unit_inferred
from form
left join inferred
    on form.document_id = inferred.document_id and form.form_no = inferred.form_no
