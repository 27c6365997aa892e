-- One row per path of names in the text and level of it whose code the document's forms print with a name, or the classification where
-- they print the path's own code and not this one.
with claim as (

    select
        document_id,
        function_path,
        class_name,
        section_name,
        item_name,
        arg_min(source_ref, claim_no) as source_ref,
        min(page_no) as page_no,
        abs(arg_min({{ to_yuan('printed_value', 'unit_text') }}, claim_no) filter (where fact = 'expenditure')) as amount_yuan,
        arg_min({{ half_width_yuan('reported_decimals', 'unit_text') }}, claim_no) filter (where fact = 'expenditure') as half_width_yuan
    from {{ ref('stg_disclosure__claim') }}
    where function_path is not null
    group by all

),

named as (

    select
        document_id,
        function_path,
        function_code
    from {{ ref('int_claim__function_resolved') }}

),

form_name as (

    select
        document_id,
        code,
        list(distinct regexp_replace(label_key, '支出$', '')) as name_keys,
        min(label) as form_label
    from {{ ref('int_form_cell__code_resolved') }}
    where
        fact in ('expenditure', 'revenue')
        and printed_code is not null
        and label_key is not null
    group by
        document_id,
        code

),

-- all names that a code has had
catalogue_name as (

    select
        code,
        list(distinct regexp_replace({{ squeeze(fold_width('name_zh')) }}, '支出$', '')) as name_keys,
        arg_max(name_zh, valid_from_year) as label
    from {{ ref('function_classification') }}
    group by code
    having bool_and(confidence = 'verified')

),

form_item as (

    select
        document_id,
        row_key as code,
        abs(amount_yuan) as amount_yuan,
        max(half_width_yuan) as half_width_yuan
    from {{ ref('int_line__unified') }}
    where
        source = 'table'
        and fact = 'expenditure'
        and length(row_key) = 7
        and column_key = 'total'
        and amount_yuan != 0
    group by all

),

-- an item whose name is that of no code is the one of its class that has its amount, where the text names that item nowhere
told_by_amount as (

    select
        claim.document_id,
        claim.function_path,
        min(form_item.code) as function_code
    from claim
    inner join named using (document_id, function_path)
    inner join form_name as class
        on
            claim.document_id = class.document_id
            and length(class.code) = 3
            and list_contains(class.name_keys, regexp_replace({{ squeeze(fold_width('claim.class_name')) }}, '支出$', ''))
    inner join form_item
        on
            claim.document_id = form_item.document_id
            and starts_with(form_item.code, class.code)
            and abs(claim.amount_yuan - form_item.amount_yuan) <= claim.half_width_yuan + form_item.half_width_yuan
    left join named as elsewhere
        on
            form_item.document_id = elsewhere.document_id
            and form_item.code = elsewhere.function_code
    where
        named.function_code is null
        and claim.item_name is not null
        and claim.section_name is not null
        and elsewhere.document_id is null
    group by
        claim.document_id,
        claim.function_path
    having count(distinct form_item.code) = 1

),

resolved as (

    select * from named
    where function_code is not null
    union all
    select * from told_by_amount

),

printed_level as (

    select
        claim.document_id,
        claim.function_path,
        claim.source_ref,
        claim.page_no,
        resolved.function_code,
        claim.item_name,
        unnest([claim.class_name, claim.section_name, claim.item_name]) as printed_name,
        unnest(['类', '款', '项']) as level_zh,
        unnest([3, 5, 7]) as code_length
    from claim
    inner join resolved using (document_id, function_path)
    where
        claim.item_name is null
        or length(resolved.function_code) = 7

),

compared as (

    select
        printed_level.*,
        left(printed_level.function_code, printed_level.code_length) as code,
        regexp_replace(
            regexp_replace({{ squeeze(fold_width('printed_level.printed_name')) }}, '[“”"''《》①-⑳]', '', 'g'), '支出$', ''
        ) as name_key,
        coalesce(form_name.name_keys, catalogue_name.name_keys) as name_keys,
        coalesce(form_name.form_label, catalogue_name.label) as true_name,
        form_name.code is not null as is_in_forms
    from printed_level
    left join form_name
        on
            printed_level.document_id = form_name.document_id
            and left(printed_level.function_code, printed_level.code_length) = form_name.code
    left join form_name as own
        on
            printed_level.document_id = own.document_id
            and printed_level.function_code = own.code
    left join catalogue_name
        on
            left(printed_level.function_code, printed_level.code_length) = catalogue_name.code
            and own.code is not null
    where
        coalesce(form_name.code, catalogue_name.code) is not null
        and printed_level.printed_name is not null
        and length(printed_level.function_code) >= printed_level.code_length

),

-- a masked name, and a name cut short by the print, is not another name
weighed as (

    select
        *,
        not list_contains(name_keys, name_key)
        and not regexp_matches(name_key, '[A-Za-z*]')
        and not list_contains(list_transform(name_keys, lambda key: contains(key, name_key) or contains(name_key, key)), true) as is_other_name,
        string_agg(item_name, '、') over (
            partition by document_id, code, name_key order by source_ref rows between unbounded preceding and unbounded following
        ) as items
    from compared
    qualify row_number() over (partition by document_id, code, name_key order by source_ref) = 1

)

select
    document_id,
    'NAME-004' as identity_id,
    concat_ws('/', code, name_key) as place,
    'count' as value_unit,
    cast(is_other_name as integer) as lhs,
    0 as rhs,
    0 as tolerance,
    source_ref as lhs_ref,
    page_no,
    code as row_key,
    case
        when not is_in_forms then 'in_no_form'
        when level_zh != '项' and items is not null then 'of_items'
        else ''
    end as variant,
    {{ arguments(path='function_path', code='code', level='level_zh', said='printed_name', printed='true_name', items='items') }} as arguments,
    printed_name as lhs_terms,
    true_name as rhs_terms
from weighed
