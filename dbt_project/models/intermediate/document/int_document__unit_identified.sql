-- One row per document with the key of the unit that publishes it; a document that names no unit has its own key.
-- A disclosure is what one unit publishes for one year and stage.
with document as (
    select
        *,
        coalesce({{ unit_id_of('unit_key', 'unit_kind') }}, 'unknown_' || document_id) as unit_id
    from {{ ref('stg_disclosure__document') }}
)

select
    document_id,
    'd' || left(
        md5(
            concat_ws(
                '|',
                unit_id,
                fiscal_year,
                stage,
                case when unit_key is null or fiscal_year is null or stage is null then document_id end
            )
        ),
        12
    ) as disclosure_id,
    file_name,
    sha256,
    media_type,
    doc_type,
    stage,
    fiscal_year,
    unit_id,
    case when unit_key is null then '未识别 / unknown' else unit_name end as unit_name,
    unit_kind,
    region_code,
    zone_name,
    region_name,
    unit_from,
    fiscal_year_from,
    stage_from,
    title,
    page_count
from document
