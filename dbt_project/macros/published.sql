{#- The rows of a query as rows of a fact: with the unit of their document and how sure OCR is of them, without what is held: no row of
    a held document, and of a held form none that is read from a table. `source` says where a row was read (narrative or table). -#}
{% macro published(rows, source=none) -%}
select
        {{ rows }}.*,
        published_document.unit_id,
        reading.ocr_confidence
    from {{ rows }}
    inner join {{ ref('int_document__published') }} as published_document
        on {{ rows }}.document_id = published_document.document_id
    left join {{ ref('stg_disclosure__reading_confidence') }} as reading
        on
            {{ rows }}.document_id = reading.document_id
            and {{ rows }}.source_ref = reading.source_ref
    left join {{ ref('int_form__held') }} as held_form
        on
            {{ rows }}.document_id = held_form.document_id
            and {{ rows }}.statement_code = held_form.statement_code
            and {{ source or rows ~ '.source' }} = 'table'
    where held_form.document_id is null
{%- endmacro %}
