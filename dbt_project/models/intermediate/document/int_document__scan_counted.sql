-- One row per document with pages that were read from a picture: its figures there, and those too uncertain to load.
with scanned as (
    select
        document_id,
        min(page_no) as page_no
    from {{ ref('stg_disclosure__page') }}
    where reader = 'ocr'
    group by document_id
),

reading as (
    select * from {{ ref('stg_disclosure__reading_confidence') }}
),

figure as (
    select
        cell.document_id,
        coalesce(cell.problem = 'low_confidence', false) as is_uncertain
    from {{ ref('stg_disclosure__form_cell') }} as cell
    inner join reading
        on cell.document_id = reading.document_id and cell.source_ref = reading.source_ref
    where cell.amount_state in ('stated', 'illegible')
    union all
    select
        claim.document_id,
        coalesce(claim.reason_code = 'low_confidence', false) as is_uncertain
    from {{ ref('stg_disclosure__claim') }} as claim
    inner join reading
        on claim.document_id = reading.document_id and claim.source_ref = reading.source_ref
)

select
    scanned.document_id,
    scanned.page_no,
    count(figure.document_id) as figure_count,
    count(*) filter (where figure.is_uncertain) as uncertain_count
from scanned
left join figure
    on scanned.document_id = figure.document_id
group by scanned.document_id, scanned.page_no
