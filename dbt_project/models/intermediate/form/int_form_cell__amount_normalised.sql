-- One row per amount cell of a form's body: its value in yuan and the envelope that its print leaves open.
with cell as (
    select * from {{ ref('stg_disclosure__form_cell') }}
),

unit as (
    select * from {{ ref('int_form__unit_resolved') }}
),

-- a figure is as fine as the finest figure of its column: a trimmed 7.8 beside 57.43 is 7.80
measured as (
    select
        *,
        max(reported_decimals) over (partition by document_id, form_no, col_no) as column_decimals
    from cell
)

select
    measured.*,
    unit.reported_unit,
    unit.unit_inferred,
    {{ to_yuan('measured.reported_value', 'unit.reported_unit') }} as amount_yuan,
    case
        when measured.reported_value is not null
            then {{ half_width_yuan('measured.column_decimals', 'unit.reported_unit') }}
    end as half_width_yuan
from measured
inner join unit
    on measured.document_id = unit.document_id and measured.form_no = unit.form_no
