-- One row per document with scanned pages.
select
    counted.document_id,
    'READ-002' as identity_id,
    '-' as place,
    'count' as value_unit,
    case when counted.figure_count = 0 then 'term_missing' end as reason_code,
    counted.uncertain_count as lhs,
    0 as rhs,
    counted.figure_count * reading_limit.most_unread_share as tolerance,
    counted.page_no,
    {{ arguments(figures='counted.figure_count', uncertain='counted.uncertain_count') }} as arguments,
    '置信度低 ' || counted.uncertain_count || ' 个' as lhs_terms,
    '共 ' || counted.figure_count || ' 个' as rhs_terms
from {{ ref('int_document__scan_counted') }} as counted
inner join {{ ref('reading_limits') }} as reading_limit
    on reading_limit.identity_id = 'READ-002'
