-- An identity that is evaluated from terms has an anchor and a right side, and lets other terms use '*' (any value) for source,
-- form and fund only. Its anchor reads the document itself and names one fact and one source, or each in its scope, so that a scope names one thing.
with term as (

    select
        *,
        side = 'left' and term_number = 1 as is_anchor,
        concat_ws(',', source, fact, statement_code, fund_code, row_key, level, column_key, basis) as dimensions,
        concat_ws(',', fact, row_key, level, column_key, basis) as compared_dimensions
    from {{ ref('identity_terms') }}

),

counted as (

    select
        identity.identity_id,
        identity.evaluation,
        identity.relation,
        count(term.identity_id) as term_count,
        count(*) filter (
            where term.is_anchor and term.pick in ('line', 'row_children') and term.document = 'own' and term.dimensions not like '%=%'
        ) as anchor_count,
        count(*) filter (where term.is_anchor and concat(term.source, term.fact) similar to '[a-z_*]+') as one_fact_count,
        count(*) filter (where term.side = 'right') as right_count,
        count(*) filter (where not term.is_anchor and term.compared_dimensions like '%*%') as stray_star_count,
        count(*) filter (where (term.side = 'condition') <> (term.sign = 0)) as stray_sign_count,
        count(*) filter (where term.side = 'condition' and term.when_blank in ('required', 'zero')) as idle_condition_count
    from {{ ref('identities') }} as identity
    left join term using (identity_id)
    group by
        identity.identity_id,
        identity.evaluation,
        identity.relation

)

select *
from counted
where
    case
        when evaluation = 'terms'
            then anchor_count <> 1
                or one_fact_count <> 1
                or relation is null
                or right_count = 0
                or stray_star_count + stray_sign_count + idle_condition_count > 0
        else term_count > 0 or relation is not null
    end
