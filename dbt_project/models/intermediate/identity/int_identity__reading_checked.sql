-- One row per document and identity of reading.
with counted as (
    select
        *,
        figures_loaded + figures_set_aside as figures_read
    from {{ ref('int_document__figures_counted') }}
),

identity as (
    select identity_id
    from {{ ref('identities') }}
    where evaluation = 'int_identity__reading_checked'
)

-- how many figures may be unread; whether there are any, since a document without a figure cannot be distinguished from one that could not be
-- read; and whether there are pages whose content is unknown
select
    counted.document_id,
    identity.identity_id,
    '-' as place,
    'count' as value_unit,
    case when reading_limit.identity_id is not null and counted.figures_printed = 0 then 'term_missing' end as reason_code,
    counted.figures_read as lhs,
    counted.figures_printed as rhs,
    case
        when reading_limit.identity_id is not null then counted.figures_unread
        when identity.identity_id = 'READ-006' then cast(counted.unreadable_pages > 0 as integer)
        else cast(counted.figures_printed = 0 and not counted.is_declared_empty as integer)
    end as difference,
    coalesce(counted.figures_printed * reading_limit.most_unread_share, 0) as tolerance,
    counted.page_no,
    {{ arguments(
        pages='counted.unreadable_page_numbers', printed='counted.figures_printed', unread='counted.figures_unread',
        places=['counted.unread_places_zh', 'counted.unread_places_en']
    ) }} as arguments,
    '载入 ' || counted.figures_loaded || ' 个，有据不载入 ' || counted.figures_set_aside || ' 个' as lhs_terms,
    '印出 ' || counted.figures_printed || ' 个' as rhs_terms
from counted
cross join identity
left join {{ ref('reading_limits') }} as reading_limit
    on identity.identity_id = reading_limit.identity_id
