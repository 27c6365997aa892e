-- One row per document: the figures that its prose prints, and how many of them are read.
with document as (
    select * from {{ ref('stg_disclosure__document') }}
),

figure as (
    select * from {{ ref('int_claim__amount_normalised') }}
),

counted_reason as (
    select
        document_id,
        status,
        reason_code,
        count(*) as figure_count
    from figure
    where reason_code is not null
    group by document_id, status, reason_code
),

reason as (
    select
        document_id,
        string_agg(reason_code || ' ' || figure_count, ', ' order by figure_count desc, reason_code asc)
            filter (where status = 'set_aside') as set_aside_reasons,
        string_agg(reason_code || ' ' || figure_count, ', ' order by figure_count desc, reason_code asc)
            filter (where status = 'unread') as unread_reasons
    from counted_reason
    group by document_id
),

counted as (
    select
        document_id,
        {%- for kind in ('money', 'percent', 'count') %}
        {%- set name = {'money': 'money_figures', 'percent': 'percentages', 'count': 'counts'}[kind] %}
        count(*) filter (where unit_kind = '{{ kind }}') as {{ name }},
        {%- for status in ('read', 'set_aside', 'unread') %}
        count(*) filter (where unit_kind = '{{ kind }}' and status = '{{ status }}') as {{ name }}_{{ status }}{{ ',' if not loop.last }}
        {%- endfor %}{{ ',' if not loop.last }}
        {%- endfor %}
    from figure
    group by document_id
)

select
    document.document_id,
    {%- for name in ('money_figures', 'percentages', 'counts') %}
    cast(coalesce(counted.{{ name }}, 0) as integer) as {{ name }},
    {%- for status in ('read', 'set_aside', 'unread') %}
    cast(coalesce(counted.{{ name }}_{{ status }}, 0) as integer) as {{ name }}_{{ status }},
    {%- endfor %}
    {%- if name != 'counts' %}
    cast(100 * counted.{{ name }}_unread / nullif(counted.{{ name }}, 0) as decimal(5, 2)) as {{ name }}_unread_pct,
    {%- endif %}
    {%- endfor %}
    reason.set_aside_reasons,
    reason.unread_reasons
from document
left join counted
    on document.document_id = counted.document_id
left join reason
    on document.document_id = reason.document_id
