-- One row per fact that an amount cell states: its row's code and level under the classification of the fiscal year.
with stated as (
    select * from {{ ref('int_form_cell__meaning_resolved') }}
),

function_name as (
    select
        *,
        regexp_replace(name_key, '支出$', '') as bare_name_key
    from {{ ref('int_function__dated_name') }}
),

economic_name as (
    select
        code,
        level,
        {{ bare_class('name_zh') }} as name_key,
        case when code < '5' then 'department' else 'government' end as classification,
        valid_from_year,
        coalesce(valid_to_year, 9999) as valid_to_year
    from {{ ref('economic_classification') }}
    union all
    -- the first of several classes of one name is also printed without its number: 机关资本性支出 is 机关资本性支出（一）
    select
        code,
        level,
        {{ bare_class("regexp_replace(name_zh, '[（(]一[)）]$', '')") }} as name_key,
        case when code < '5' then 'department' else 'government' end as classification,
        valid_from_year,
        coalesce(valid_to_year, 9999) as valid_to_year
    from {{ ref('economic_classification') }}
    where regexp_matches(name_zh, '[（(]一[)）]$')
),

-- printed parts to digits: '201 3 1' -> 2010301; '201 20103 2010301' -> the last, which is whole
printed_code as (
    select
        *,
        string_split(code_text, ' ') as parts,
        string_split(economic_word, ' ') as economic_parts,
        string_split(government_word, ' ') as government_parts
    from stated
),

joined_code as (
    select
        * exclude (parts, economic_parts, government_parts),
        case when row_role = 'coded' then {{ joined_code('parts') }} end as joined_code,
        {{ joined_code('economic_parts') }} as joined_economic_code,
        {{ joined_code('government_parts') }} as joined_government_code
    from printed_code
),

valid_code as (
    select
        * exclude (joined_code, joined_economic_code, joined_government_code),
        coalesce(nullif(classification_word, 'function'), 'department') as row_classification,
        case
            when fact = 'economic' and regexp_matches(joined_code, '^[35][0-9]{2}([0-9]{2}){0,2}$') then joined_code
            when fact in ('expenditure', 'revenue', 'project_budget') and regexp_matches(joined_code, '^2[0-9]{2}([0-9]{2}){0,2}$') then joined_code
        end as printed_code,
        case when regexp_matches(joined_economic_code, '^[35][0-9]{2}([0-9]{2}){0,2}$') then joined_economic_code end as printed_economic_code,
        case when regexp_matches(joined_government_code, '^5[0-9]{2}([0-9]{2}){0,2}$') then joined_government_code end as printed_government_code
    from joined_code
),

-- the rows of functions in printed order; a name that is printed again right below is that of the next level (其他支出, 其他支出)
function_row as (
    select
        document_id,
        form_no,
        row_no,
        fact,
        coalesce(side, '') as side_key,
        any_value(fiscal_year) as fiscal_year,
        any_value(label_key) as label_key,
        any_value(printed_code) as printed_code,
        bool_or(coalesce(project_name, economic_word, government_word) is not null) as is_divided
    from valid_code
    where fact in ('expenditure', 'revenue', 'project_budget') and row_role = 'coded'
    group by all
),

run_begun as (
    select
        *,
        coalesce(
            not is_divided and printed_code is null and label_key = lag(label_key) over (
                partition by document_id, form_no, fact, side_key
                order by row_no
            ),
            false
        ) as is_name_again
    from function_row
),

run_numbered as (
    select
        *,
        count(*) filter (where not is_name_again) over (
            partition by document_id, form_no, fact, side_key
            order by row_no
        ) as run_no
    from run_begun
),

function_printed as (
    select
        *,
        row_number() over (partition by document_id, form_no, fact, side_key, run_no order by row_no desc) > 1 as is_named_below
    from run_numbered
),

-- a letter in a name stands for one character that the print masks
function_candidate as (
    select
        printed.* exclude (printed_code),
        function_name.function_code,
        function_name.level,
        printed.fiscal_year between function_name.valid_from_year and coalesce(function_name.valid_to_year, 9999) as is_valid
    from function_printed as printed
    inner join function_name
        on
            regexp_replace(printed.label_key, '支出$', '') = function_name.bare_name_key
            and (printed.label_key = function_name.name_key or (printed.side_key != '' and function_name.level = 'class'))
    where printed.printed_code is null
    union all
    select
        printed.* exclude (printed_code),
        function_name.function_code,
        function_name.level,
        printed.fiscal_year between function_name.valid_from_year and coalesce(function_name.valid_to_year, 9999) as is_valid
    from function_printed as printed
    inner join function_name
        on
            length(printed.label_key) = length(function_name.name_key)
            and function_name.name_key like regexp_replace(printed.label_key, '[A-Za-z]', '_', 'g')
    where printed.printed_code is null and regexp_matches(printed.label_key, '[A-Za-z]')
),

function_named as (
    select *
    from function_candidate
    qualify is_valid or not bool_or(is_valid) over (partition by document_id, form_no, row_no, fact, side_key)
),

class_option as (
    select
        document_id,
        form_no,
        row_no,
        fact,
        side_key,
        case
            when count(distinct function_code) filter (where level = 'class') = 1
                then min(function_code) filter (where level = 'class')
        end as class_code,
        bool_and(level = 'class') as is_class_name,
        bool_and(level = 'item') as is_item_name
    from function_named
    group by all
),

-- the class that a row is, or stands below
class_found as (
    select
        printed.*,
        case
            when printed.printed_code is not null then left(printed.printed_code, 3)
            when printed.is_name_again then null
            when printed.side_key != '' or printed.is_named_below or class_option.is_class_name then class_option.class_code
        end as class_code,
        coalesce(class_option.is_item_name, length(printed.printed_code) = 7, false) as is_item
    from function_printed as printed
    left join class_option using (document_id, form_no, row_no, fact, side_key)
),

class_carried as (
    select
        *,
        last_value(class_code ignore nulls) over (
            partition by document_id, form_no, fact, side_key
            order by row_no
            rows between unbounded preceding and current row
        ) as class_above,
        bool_or(is_item) over (partition by document_id, form_no, fact, side_key) as has_items
    from class_found
),

section_option as (
    select
        named.document_id,
        named.form_no,
        named.row_no,
        named.fact,
        named.side_key,
        case
            when count(distinct named.function_code) filter (where named.level = 'section') = 1
                then min(named.function_code) filter (where named.level = 'section')
        end as section_code,
        coalesce(list(distinct named.function_code) filter (where named.level = 'item'), []) as items
    from function_named as named
    inner join class_carried as carried using (document_id, form_no, row_no, fact, side_key)
    where starts_with(named.function_code, coalesce(carried.class_above, ''))
    group by all
),

-- the section that a row is, or stands below: a name that an item has as well is the item's where it is printed once
section_found as (
    select
        carried.*,
        section_option.items,
        case
            when carried.printed_code is not null then left(carried.printed_code, 5)
            when carried.class_code is not null then null
            when carried.is_named_below or not carried.has_items or len(section_option.items) = 0 then section_option.section_code
        end as section_code
    from class_carried as carried
    left join section_option using (document_id, form_no, row_no, fact, side_key)
),

section_carried as (
    select
        *,
        last_value(section_code ignore nulls) over (
            partition by document_id, form_no, fact, side_key
            order by row_no
            rows between unbounded preceding and current row
        ) as section_above
    from section_found
),

-- a name without a code: the code of that name below the class and section printed above it, if it is one
function_by_name as (
    select
        document_id,
        form_no,
        row_no,
        fact,
        side_key,
        case
            when class_code is not null then class_code
            when section_code is not null then section_code
            when len(items) = 1 then items[1]
            when len(list_filter(items, lambda code: starts_with(code, section_above))) = 1
                then list_filter(items, lambda code: starts_with(code, section_above))[1]
        end as function_code
    from section_carried
    where printed_code is null
),

-- the same for the economic classifications; a bare 资本性支出 is 310; a form of two sides lists classes only
economic_by_name as (
    select
        classification,
        name_key,
        case
            when classification = 'department' and name_key = '资本性' then '310'
            when count(distinct code) filter (where valid_to_year = 9999) = 1 then min(code) filter (where valid_to_year = 9999)
        end as economic_code,
        -- names before the classification of 2018
        case
            when count(distinct code) filter (where valid_from_year < 2018) = 1 then min(code) filter (where valid_from_year < 2018)
            when count(distinct code) = 1 then min(code)
        end as former_economic_code,
        min(code) filter (where level = 'class') as class_code
    from economic_name
    group by classification, name_key
),

economic_row as (
    select
        valid_code.document_id,
        valid_code.form_no,
        valid_code.row_no,
        valid_code.col_no,
        valid_code.row_classification,
        {{ bare_class('valid_code.label') }} as name_key,
        case
            when valid_code.printed_code is not null then valid_code.printed_code
            when valid_code.side is not null then economic_by_name.class_code
            when valid_code.fiscal_year < 2018 then economic_by_name.former_economic_code
            else economic_by_name.economic_code
        end as code,
        coalesce(valid_code.printed_code, economic_by_name.class_code) as class_code
    from valid_code
    left join economic_by_name
        on
            valid_code.row_classification = economic_by_name.classification
            and {{ bare_class('valid_code.label') }} = economic_by_name.name_key
    where valid_code.fact = 'economic' and valid_code.row_role = 'coded'
),

economic_by_ancestor as (
    select
        candidate.document_id,
        candidate.form_no,
        candidate.row_no,
        candidate.col_no,
        case when count(distinct economic_name.code) = 1 then min(economic_name.code) end as code
    from economic_row as candidate
    asof inner join (select * from economic_row
where length(class_code) = 3) as ancestor
        on
            candidate.document_id = ancestor.document_id
            and candidate.form_no = ancestor.form_no
            and candidate.row_no > ancestor.row_no
    inner join economic_name
        on
            candidate.row_classification = economic_name.classification
            and candidate.name_key = economic_name.name_key
            and starts_with(economic_name.code, ancestor.class_code)
            and economic_name.code != ancestor.class_code
    where candidate.code is null
    group by all
),

economic_coded as (
    select
        economic_row.* exclude (code, class_code, name_key),
        coalesce(economic_row.code, economic_by_ancestor.code) as code
    from economic_row
    left join economic_by_ancestor
        on
            economic_row.document_id = economic_by_ancestor.document_id
            and economic_row.form_no = economic_by_ancestor.form_no
            and economic_row.row_no = economic_by_ancestor.row_no
            and economic_row.col_no = economic_by_ancestor.col_no
),

coded as (
    select
        valid_code.*,
        case
            when valid_code.row_role != 'coded' then null
            when valid_code.fact = 'economic' and valid_code.row_classification = 'government' then null
            when valid_code.fact = 'economic' then economic_coded.code
            else coalesce(valid_code.printed_code, function_by_name.function_code)
        end as code,
        coalesce(nullif(valid_code.printed_economic_code, valid_code.printed_code), economic_class.economic_code) as economic_code,
        coalesce(
            valid_code.printed_government_code,
            government_class.economic_code,
            case when valid_code.row_classification = 'government' then economic_coded.code end
        ) as government_economic_code
    from valid_code
    left join function_by_name
        on
            valid_code.document_id = function_by_name.document_id
            and valid_code.form_no = function_by_name.form_no
            and valid_code.row_no = function_by_name.row_no
            and valid_code.fact = function_by_name.fact
            and coalesce(valid_code.side, '') = function_by_name.side_key
    left join economic_coded
        on
            valid_code.document_id = economic_coded.document_id
            and valid_code.form_no = economic_coded.form_no
            and valid_code.row_no = economic_coded.row_no
            and valid_code.col_no = economic_coded.col_no
            and valid_code.fact = 'economic'
    left join economic_by_name as economic_class
        on
            economic_class.classification = 'department'
            and {{ bare_class('valid_code.economic_word') }} = economic_class.name_key
    left join economic_by_name as government_class
        on
            government_class.classification = 'government'
            and {{ bare_class('valid_code.government_word') }} = government_class.name_key
),

-- what the row is about, whoever prints it and whatever part of the budget it is
subject_keyed as (
    select
        *,
        case when fact = 'economic' then coalesce(code, government_economic_code) else code end as leading_code,
        case
            when fact in ('balance', 'three_public') then row_role
            when row_role = 'total' and (fact != 'expenditure' or economic_code is null) then 'total'
            when
                project_name is not null
                then coalesce(code, 'name:' || label_key, '') || '|' || {{ squeeze(fold_width('project_name')) }} || coalesce('|' || line_code, '')
            when fact = 'economic' and government_economic_code is not null then coalesce(code, '') || '/' || government_economic_code
            when fact = 'expenditure' and coalesce(economic_code, economic_word, government_economic_code) is not null
                then
                    coalesce(code, case when row_role = 'total' then 'total' else 'name:' || coalesce(label_key, '?') end)
                    || '*'
                    || coalesce(economic_code, economic_word, '')
                    || coalesce('/' || government_economic_code, '')
            when code is not null then code
            else 'name:' || coalesce(label_key, '?')
        end as subject_key
    from coded
)

select
    * exclude (leading_code),
    subject_key || {{ share_suffix('budget_unit_name', 'budget_part') }} as row_key,
    {{ share_suffix('budget_unit_name', 'budget_part') }} as share_suffix,
    case
        when fact in ('balance', 'three_public') then null
        when row_role = 'total' then 'total'
        when project_name is not null then null
        when length(leading_code) = 5 then 'section'
        when length(leading_code) = 7 then 'item'
        when length(leading_code) = 3 then 'class'
        when side is not null then 'class'
        when fact = 'economic' then 'section'
        else 'item'
    end as level
from subject_keyed
-- a row whose printed code is none, or that prints a class without one, lacks what tells it from others
where
    fact not in ('expenditure', 'economic')
    or (
        (economic_word is null or economic_code is not null)
        and (government_word is null or government_economic_code is not null)
        and (code_text is null or row_role != 'coded' or coalesce(code, government_economic_code) is not null)
    )
