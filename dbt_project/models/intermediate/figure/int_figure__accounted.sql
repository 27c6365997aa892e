-- One row per place that prints money figures: a cell, a claim, the rest of a paragraph, or what of a page was lost.
with cell as (
    select
        document_id,
        table_no,
        row_no,
        col_no,
        source_ref,
        page_no,
        figures
    from {{ ref('stg_disclosure__cell') }}
    where figures > 0
),

form_cell as (
    select * from {{ ref('int_form_cell__amount_normalised') }}
),

form as (
    select
        document_id,
        form_no,
        layout
    from {{ ref('stg_disclosure__form') }}
),

printed_table as (
    select * from {{ ref('stg_disclosure__printed_table') }}
),

performance_figure as (
    select * from {{ ref('stg_disclosure__performance_figure') }}
),

keyed_form as (
    select * from {{ ref('int_performance__form_keyed') }}
),

funding as (
    select * from {{ ref('stg_disclosure__performance_funding') }}
),

funded_form as (
    select distinct
        document_id,
        performance_no
    from {{ ref('int_performance__funding_keyed') }}
),

metric as (
    select metric_code
    from {{ ref('metric') }}
    where unit = 'yuan'
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

paragraph as (
    select * from {{ ref('stg_disclosure__paragraph') }}
),

claim as (
    select *
    from {{ ref('int_claim__amount_normalised') }}
    where unit_kind = 'money'
),

-- every printing of a fact's value, the first and those that repeat it
loaded_cell as (
    select
        document_id,
        source_ref
    from {{ ref('int_form_cell__code_resolved') }}
    where amount_yuan is not null and basis is not null
    union
    select
        document_id,
        source_ref
    from {{ ref('int_procurement__amount_resolved') }}
    union
    select
        document_id,
        source_ref
    from {{ ref('int_form_rate__subject_resolved') }}
    union
    select
        form_cell.document_id,
        form_cell.source_ref
    from form_cell
    inner join document
        on form_cell.document_id = document.document_id
    semi join metric
        on form_cell.item_word = metric.metric_code
    where form_cell.problem is null and form_cell.amount_yuan is not null and document.stage is not null
    union
    select
        performance_figure.document_id,
        performance_figure.source_ref
    from performance_figure
    inner join keyed_form
        on
            performance_figure.document_id = keyed_form.document_id
            and performance_figure.performance_no = keyed_form.performance_no
    left join funding
        on
            performance_figure.document_id = funding.document_id
            and performance_figure.performance_no = funding.performance_no
            and performance_figure.line_no = funding.line_no
    left join funded_form
        on
            performance_figure.document_id = funded_form.document_id
            and performance_figure.performance_no = funded_form.performance_no
    where
        performance_figure.role = 'indicator'
        or performance_figure.role = 'funding' and funding.fund_line is not null and funded_form.document_id is not null
),

-- what a cell of a form is, where one cell stands in two forms the one that says more
known_cell as (
    select
        form_cell.document_id,
        form_cell.source_ref,
        bool_or(form.layout = 'detail') as is_without_fact,
        bool_or(
            form.layout = 'function' and form_cell.row_kind = 'coded' and form_cell.problem is null
            and coalesce(form_cell.balance_word in ('opening_carryover', 'closing_carryover'), false)
        ) as is_carryover,
        bool_and(coalesce(form_cell.balance_word = 'outside', false) and form_cell.problem is null) as is_outside,
        min(form_cell.problem) as problem,
        bool_and(form_cell.problem is null and form_cell.amount_yuan is null) as is_unitless
    from form_cell
    inner join form
        on form_cell.document_id = form.document_id and form_cell.form_no = form.form_no
    group by form_cell.document_id, form_cell.source_ref
),

performance_text as (
    select
        performance_figure.document_id,
        performance_figure.source_ref,
        bool_and(performance_figure.role = 'text') as is_text,
        bool_and(performance_figure.role = 'part' or (funding.label is not null and funding.fund_line is null)) as is_part
    from performance_figure
    left join funding
        on
            performance_figure.document_id = funding.document_id
            and performance_figure.performance_no = funding.performance_no
            and performance_figure.line_no = funding.line_no
    group by performance_figure.document_id, performance_figure.source_ref
),

accounted_cell as (
    select
        cell.*,
        case
            when loaded_cell.source_ref is not null then 'loaded'
            when known_cell.is_without_fact or known_cell.is_carryover then 'set_aside'
            when performance_text.is_text or performance_text.is_part then 'set_aside'
            else 'unread'
        end as status,
        case
            when loaded_cell.source_ref is not null then null
            when known_cell.is_without_fact then 'form_without_fact'
            when known_cell.is_carryover then 'carryover_by_function'
            when known_cell.is_outside then 'column_without_fact'
            when performance_text.is_text then 'performance_text'
            when performance_text.is_part then 'performance_part'
            when known_cell.problem is not null then known_cell.problem
            when known_cell.is_unitless then 'unit_unknown'
            when known_cell.source_ref is not null then 'meaning_unknown'
            when performance_text.source_ref is not null then 'performance_unread'
            when printed_table.form_no is not null then 'outside_amounts'
            else 'unknown_table'
        end as reason_code
    from cell
    inner join printed_table
        on cell.document_id = printed_table.document_id and cell.table_no = printed_table.table_no
    left join loaded_cell
        on cell.document_id = loaded_cell.document_id and cell.source_ref = loaded_cell.source_ref
    left join known_cell
        on cell.document_id = known_cell.document_id and cell.source_ref = known_cell.source_ref
    left join performance_text
        on cell.document_id = performance_text.document_id and cell.source_ref = performance_text.source_ref
),

claimed as (
    select
        document_id,
        paragraph_no,
        count(*) as claims
    from claim
    group by document_id, paragraph_no
)

select
    document_id,
    'cell' as place,
    concat_ws('.', table_no, row_no, col_no) as place_key,
    source_ref,
    table_no,
    page_no,
    figures,
    status,
    reason_code
from accounted_cell
union all by name
select
    document_id,
    'claim' as place,
    cast(claim_no as varchar) as place_key,
    page_no,
    1 as figures,
    case when status = 'read' then 'loaded' when reason_code = 'low_confidence' then 'unread' else status end as status,
    reason_code
from claim
union all by name
select
    paragraph.document_id,
    'paragraph' as place,
    cast(paragraph.paragraph_no as varchar) as place_key,
    paragraph.page_no,
    paragraph.figures - coalesce(claimed.claims, 0) as figures,
    'unread' as status,
    'no_sentence' as reason_code
from paragraph
left join claimed
    on paragraph.document_id = claimed.document_id and paragraph.paragraph_no = claimed.paragraph_no
where paragraph.figures > coalesce(claimed.claims, 0)
union all by name
select
    document_id,
    'page' as place,
    cast(coalesce(page_no, 0) as varchar) as place_key,
    page_no,
    figures,
    'unread' as status,
    'lost' as reason_code
from {{ ref('stg_disclosure__lost_figure') }}
