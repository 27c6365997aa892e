-- One row per list of the text that names the rows of a form, or bodies that it counts, and leaves some out.
{% set least_named = 8 -%}
{% set most_left_out = 2 -%}

with listed as (

    select
        part.document_id,
        part.statement_code,
        part.fund_code,
        part.whole_code,
        part.source_ref,
        min(part.page_no) as page_no,
        list(distinct part.economic_code) as codes,
        count(*) as named_count,
        -- a list that ends with 等 does not say that it is whole
        bool_or(regexp_matches(said.sentence, '等([^、，。；]{0,12})?[。；;]?$')) as is_open
    from {{ ref('int_stated_part__unified') }} as part
    inner join (
        select
            document_id,
            source_ref,
            min(sentence) as sentence
        from {{ ref('stg_disclosure__stated_part') }}
        group by all
    ) as said using (document_id, source_ref)
    where
        part.whole_code in ('personnel', 'public')
        and part.value is null
    group by
        part.document_id,
        part.statement_code,
        part.fund_code,
        part.whole_code,
        part.source_ref

),

form_row as (

    select
        line.document_id,
        line.statement_code,
        line.column_key as whole_code,
        line.row_key as economic_code,
        min(line.label) as label,
        min({{ number_text('line.reported_value', 'line.reported_decimals', true) }} || line.reported_unit) as printed,
        min(line.source_ref) as source_ref
    from {{ ref('int_line__unified') }} as line
    inner join {{ ref('int_form__status') }} as form using (document_id, statement_code)
    where
        line.source = 'table'
        and line.fact = 'economic'
        and line.column_key in ('personnel', 'public')
        and regexp_full_match(line.row_key, '[0-9]{5}')
        and line.amount_yuan != 0
        and line.share_suffix = ''
        and form.status = 'extracted'
        and not form.is_form_cut
    group by all

),

compared as (

    select
        listed.document_id,
        listed.statement_code,
        listed.fund_code,
        listed.whole_code,
        listed.source_ref,
        listed.page_no,
        count(*) as row_count,
        count(*) filter (where list_contains(listed.codes, form_row.economic_code)) as named_count,
        string_agg(form_row.economic_code || ' ' || form_row.label || ' ' || form_row.printed, '、' order by form_row.economic_code)
            filter (where not list_contains(listed.codes, form_row.economic_code)) as left_out,
        min(form_row.source_ref) filter (where not list_contains(listed.codes, form_row.economic_code)) as row_ref
    from listed
    inner join form_row using (document_id, statement_code, whole_code)
    where
        not listed.is_open
        and listed.named_count >= {{ least_named }}
    group by all
    -- what leaves out more is a choice of the main rows
    having row_count - named_count <= {{ most_left_out }}

),

-- "9 inner bodies, namely: …"
body_sentence as (

    select distinct
        document_id,
        source_ref,
        page_no,
        cast(printed_value as integer) as stated_count,
        regexp_extract(
            replace(sentence, ':', '：'), '[个家](?:内设)?(?:职能)?(?:机构|科室|处室|股室|部门)[,，:：]?(?:分别[为是]|包括|即|为)[:：]?([^。；;:：0-9]{4,300})[。；;]', 1
        ) as names
    from {{ ref('stg_disclosure__claim') }}
    where
        subject_code = 'internal_divisions'
        and status = 'read'
        and printed_value between 1 and 60

),

body_named as (

    select
        *,
        list_filter(
            string_split(regexp_replace(names, '(?:以及|和|及)([^、]*)$', '、\1'), '、'), lambda name: length(trim(name)) > 0
        ) as bodies
    from body_sentence
    where
        names != ''
        and not regexp_matches(names, '等|[（(至到—-]')

)

select
    document_id,
    'LIST-006' as identity_id,
    concat_ws('/', fund_code, whole_code, source_ref) as place,
    'count' as value_unit,
    row_count as lhs,
    named_count as rhs,
    0 as tolerance,
    source_ref as lhs_ref,
    row_ref as rhs_ref,
    page_no,
    statement_code,
    whole_code as row_key,
    {{ arguments(
        whole=["case whole_code when 'personnel' then '人员经费' else '公用经费' end", "case whole_code when 'personnel' then 'personnel' else 'public' end"],
        count='row_count', names='left_out'
    ) }} as arguments
from compared
union all by name
select
    document_id,
    'LIST-007' as identity_id,
    source_ref as place,
    'count' as value_unit,
    stated_count as lhs,
    length(bodies) as rhs,
    0 as tolerance,
    source_ref as lhs_ref,
    page_no,
    {{ arguments(
        stated='stated_count', listed='length(bodies)', names=["array_to_string(bodies, '、')", "array_to_string(bodies, ', ')"]
    ) }} as arguments
from body_named
where
    -- a name that holds 和 or 及 may be one body, or two
    not (regexp_matches(names, '[和及]') and abs(stated_count - length(bodies)) = 1)
    -- what is not named as a body is a part of a name that holds 、
    and length(list_filter(bodies, lambda name: not regexp_matches(name, '[室处科股部队组所站委办局会院心]$'))) = 0
