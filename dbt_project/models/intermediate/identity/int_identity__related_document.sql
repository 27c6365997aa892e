-- One row per document, relation and document that its identities read: itself, the budget of its year, last year's accounts, what it replaces.
with department_of_several as (

    select document_id
    from {{ ref('stg_disclosure__member_unit') }}
    where is_separate
    group by document_id
    having count(*) > 1

),

supersession as (

    select * from {{ ref('stg_disclosure__supersession') }}

),

-- a department of several units and its own offices publish under one name
document as (

    select
        document_id,
        file_name,
        {{ body_of('unit_id') }} as body_id,
        unit_kind,
        fiscal_year,
        doc_type,
        document_id in (select document_id from department_of_several) as has_units
    from {{ ref('int_document__unit_identified') }}

),

newest as (

    select *
    from document
    anti join supersession using (document_id)
    where fiscal_year is not null

),

comparison (relation, other_doc_type, years_before) as (

    values
    ('budget_of_year', 'departmental_budget', 0),
    ('prior_final', 'final_accounts', 1)

),

of_same_body as (

    select
        own.document_id,
        comparison.relation,
        other.document_id as other_id,
        other.file_name
    from newest as own
    inner join newest as other
        on own.body_id = other.body_id
    inner join comparison
        on
            other.doc_type = comparison.other_doc_type
            and own.fiscal_year = other.fiscal_year + comparison.years_before
    where
        own.doc_type = 'final_accounts'
        and (own.unit_kind is not distinct from other.unit_kind or not own.has_units and not other.has_units)
    qualify rank() over (
        partition by comparison.relation, own.document_id
        order by own.unit_kind is distinct from other.unit_kind
    ) = 1

),

related as (

    select
        document_id,
        'own' as relation,
        document_id as other_id,
        cast(null as varchar) as file_name
    from {{ ref('stg_disclosure__document') }}
    union all
    select * from of_same_body
    union all
    select
        supersession.superseded_by as document_id,
        'superseded' as relation,
        supersession.document_id as other_id,
        document.file_name
    from supersession
    inner join document using (document_id)

)

select
    *,
    count(*) over (partition by document_id, relation) > 1 as is_one_of_several
from related
