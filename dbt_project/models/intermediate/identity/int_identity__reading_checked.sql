-- One row per document and identity of reading.
with expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__reading_checked'
),

reading_limit as (
    select * from {{ ref('reading_limits') }}
),

counted as (
    select
        *,
        figures_loaded + figures_set_aside as figures_read
    from {{ ref('int_document__figures_counted') }}
),

-- how many figures may be unread; whether there are any, since a document without a figure cannot be distinguished from one that could not be
-- read; and whether there are pages whose content is unknown
judged as (
    select
        expected.identity_id,
        counted.*,
        reading_limit.most_unread_share,
        case
            when expected.identity_id = 'READ-006' then case when counted.unreadable_pages > 0 then 'fail' else 'pass' end
            when expected.identity_id = 'READ-005'
                then case when counted.figures_printed > 0 or counted.is_declared_empty then 'pass' else 'fail' end
            when counted.figures_printed = 0 then 'not_evaluable'
            when counted.figures_unread > counted.figures_printed * reading_limit.most_unread_share then 'fail'
            else 'pass'
        end as status
    from expected
    inner join counted
        on expected.document_id = counted.document_id
    left join reading_limit
        on expected.identity_id = reading_limit.identity_id
)

select
    md5(concat_ws('|', expected.document_id, expected.identity_id)) as check_key,
    expected.document_id,
    expected.identity_id,
    '-' as scope,
    'count' as value_unit,
    coalesce(judged.status, 'not_applicable') as status,
    case
        when judged.document_id is null then 'not_printed'
        when judged.status = 'not_evaluable' then 'term_missing'
    end as reason_code,
    cast(judged.figures_read as decimal(28, 4)) as lhs,
    cast(judged.figures_printed as decimal(28, 4)) as rhs,
    cast(
        case
            when judged.status = 'not_evaluable' then null
            when judged.most_unread_share is not null then judged.figures_unread
            when judged.status = 'fail' then 1
            when judged.status = 'pass' then 0
        end as decimal(28, 4)
    ) as difference,
    cast(
        case when judged.status != 'not_evaluable' then coalesce(judged.figures_printed * judged.most_unread_share, 0) end as decimal(28, 8)
    ) as tolerance,
    cast(null as varchar) as lhs_ref,
    cast(null as varchar) as rhs_ref,
    judged.page_no,
    cast(null as varchar) as statement_code,
    cast(null as varchar) as fund_code,
    cast(null as varchar) as row_key,
    cast(null as varchar) as column_key,
    cast(null as varchar) as basis,
    case
        when judged.identity_id = 'READ-006'
            then '扫描的第 ' || judged.unreadable_page_numbers || ' 页有印迹而一字未能读出，其上有无金额无从得知。'
        when judged.figures_printed = 0 then '全文未见一个金额，也未声明何表为空，无从判断是否读全。'
        else '印有 ' || judged.figures_printed || ' 个金额，其中 ' || judged.figures_unread || ' 个未读：' || judged.unread_places_zh || '。'
    end as message_zh,
    case
        when judged.identity_id = 'READ-006'
            then 'Nothing could be read of what is printed on the scanned pages ' || judged.unreadable_page_numbers
                || ': it is not known whether they print figures.'
        when judged.figures_printed = 0
            then 'The document prints no money figure that was found, and declares no form empty: it may not have been read.'
        else judged.figures_unread || ' of ' || judged.figures_printed || ' printed money figures were not read: ' || judged.unread_places_en || '.'
    end as message_en,
    '载入 ' || judged.figures_loaded || ' 个，有据不载入 ' || judged.figures_set_aside || ' 个' as lhs_terms,
    '印出 ' || judged.figures_printed || ' 个' as rhs_terms
from expected
left join judged
    on expected.document_id = judged.document_id and expected.identity_id = judged.identity_id
