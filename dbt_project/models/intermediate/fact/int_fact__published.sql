-- One row per money figure of a form that is not held, or of a sentence, whose document is not held.
with keyed as (
    select * from {{ ref('int_fact__keyed') }}
),

published as (
    {{ published('keyed') }}
)

select
    *,
    -- a row is a leaf where no finer row of its form, or of the text on it, states the same fund, measure and basis
    not exists (
        select 1
        from published as finer
        where
            finer.document_id = published.document_id
            and finer.source = published.source
            and finer.statement_code = published.statement_code
            and finer.fact = published.fact
            and finer.fund_code = published.fund_code
            and finer.basis = published.basis
            and finer.column_key = published.column_key
            and finer.share_suffix = published.share_suffix
            and finer.subject_key != 'total'
            and case
                when published.subject_key = 'total' then true
                else {{ is_finer('finer', 'published') }}
            end
    ) as is_leaf
from published
