-- One row per money figure of a form that is not held, or of a sentence, whose document is not held.
with held_form as (
    select * from {{ ref('int_form__held') }}
),

keyed as (
    select keyed.*
    from {{ ref('int_fact__keyed') }} as keyed
    left join held_form
        on
            keyed.source = 'table'
            and keyed.document_id = held_form.document_id
            and keyed.statement_code = held_form.statement_code
    where held_form.document_id is null
),

document as (
    select * from {{ ref('int_document__unit_identified') }}
),

audit_status as (
    select * from {{ ref('int_document__audit_status') }}
),

reading as (
    select * from {{ ref('stg_disclosure__reading_confidence') }}
)

select
    keyed.*,
    document.unit_id,
    reading.ocr_confidence,
    -- a row is a leaf where no finer row of its form, or of the text on it, states the same fund, measure and basis
    not exists (
        select 1
        from keyed as finer
        where
            finer.document_id = keyed.document_id
            and finer.source = keyed.source
            and finer.statement_code = keyed.statement_code
            and finer.fact = keyed.fact
            and finer.fund_code = keyed.fund_code
            and finer.basis = keyed.basis
            and finer.column_key = keyed.column_key
            and finer.share_suffix = keyed.share_suffix
            and finer.subject_key != 'total'
            and case
                when keyed.subject_key = 'total' then true
                else {{ is_finer('finer', 'keyed') }}
            end
    ) as is_leaf
from keyed
inner join document
    on keyed.document_id = document.document_id
inner join audit_status
    on keyed.document_id = audit_status.document_id
left join reading
    on keyed.document_id = reading.document_id and keyed.source_ref = reading.source_ref
where audit_status.audit_status != 'held'
