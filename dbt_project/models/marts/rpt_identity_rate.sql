-- One row per unit, fiscal year, kind of document and identity that is due there: how often it holds. Sum the counts over what you group by.
with document as (
    select * from {{ ref('dim_document') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

identity as (
    select * from {{ ref('identity') }}
),

evaluated as (
    select * from {{ ref('fct_identity_check') }}
    where status != 'not_applicable'
)

select
    document.unit_id,
    document.fiscal_year,
    document.doc_type,
    evaluated.identity_id,
    any_value(unit.unit_name) as unit_name,
    any_value(unit.region_name) as region_name,
    any_value(unit.province_name) as province_name,
    any_value(unit.city_name) as city_name,
    any_value(identity.family) as family,
    any_value(identity.severity) as severity,
    any_value(identity.title_zh) as identity_title_zh,
    any_value(identity.title_en) as identity_title_en,
    count(*) as checks_due,
    count(*) filter (where evaluated.status = 'pass') as checks_passed,
    count(*) filter (where evaluated.status = 'fail') as checks_failed,
    count(*) filter (where evaluated.status = 'waived') as checks_waived,
    count(*) filter (where evaluated.status = 'not_evaluable') as checks_not_evaluable
from evaluated
inner join document using (document_id)
inner join unit using (unit_id)
inner join identity using (identity_id)
group by
    document.unit_id,
    document.fiscal_year,
    document.doc_type,
    evaluated.identity_id
