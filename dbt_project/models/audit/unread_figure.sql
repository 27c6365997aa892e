-- One row per figure of the prose that is in no fact: unread, or set aside for the reason given.
with figure as (
    select * from {{ ref('int_claim__amount_normalised') }}
)

select
    document_id,
    claim_no as figure_no,
    page_no,
    source_ref,
    status,
    reason_code,
    unit_kind,
    figure_text || unit_text as figure,
    case
        when length(sentence) <= 200 then sentence
        else substr(sentence, greatest(1, strpos(sentence, figure_text) - 120), 200)
    end as excerpt
from figure
where status != 'read'
