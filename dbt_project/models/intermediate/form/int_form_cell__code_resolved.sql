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

nameless_row as (
    select
        document_id,
        form_no,
        row_no,
        col_no,
        fact,
        side,
        fiscal_year,
        label_key,
        regexp_replace(label_key, '支出$', '') as bare_label_key,
        -- a letter stands for one character that the print masks
        case when regexp_matches(label_key, '[A-Za-z]') then regexp_replace(label_key, '[A-Za-z]', '_', 'g') end as mask
    from valid_code
    where
        fact in ('expenditure', 'revenue', 'project_budget')
        and row_role = 'coded'
        and printed_code is null
),

-- a name without a code: the one code of that name, among those valid in the year if there are any
function_candidate as (
    select
        nameless_row.*,
        function_name.function_code,
        nameless_row.fiscal_year between function_name.valid_from_year and coalesce(function_name.valid_to_year, 9999) as is_valid
    from nameless_row
    inner join function_name
        on
            nameless_row.bare_label_key = function_name.bare_name_key
            and case
                when nameless_row.side is null then nameless_row.label_key = function_name.name_key
                else function_name.level = 'class'
            end
    union all
    select
        nameless_row.*,
        function_name.function_code,
        nameless_row.fiscal_year between function_name.valid_from_year and coalesce(function_name.valid_to_year, 9999) as is_valid
    from nameless_row
    inner join function_name
        on
            nameless_row.mask is not null
            and length(nameless_row.mask) = length(function_name.name_key)
            and function_name.name_key like nameless_row.mask
),

function_by_name as (
    select
        document_id,
        form_no,
        row_no,
        col_no,
        fact,
        case
            when count(distinct function_code) filter (where is_valid) = 1 then min(function_code) filter (where is_valid)
            when count(distinct function_code) filter (where is_valid) = 0 and count(distinct function_code) = 1 then min(function_code)
        end as function_code
    from function_candidate
    group by all
),

-- a name that several codes share (行政运行): the one below the nearest class or section printed above it
ancestor as (
    select distinct
        valid_code.document_id,
        valid_code.form_no,
        valid_code.row_no,
        coalesce(valid_code.printed_code, function_by_name.function_code) as function_code
    from valid_code
    left join function_by_name
        on
            valid_code.document_id = function_by_name.document_id
            and valid_code.form_no = function_by_name.form_no
            and valid_code.row_no = function_by_name.row_no
            and valid_code.col_no = function_by_name.col_no
            and valid_code.fact = function_by_name.fact
    where
        valid_code.fact in ('expenditure', 'revenue', 'project_budget')
        and valid_code.side is null
        and length(coalesce(valid_code.printed_code, function_by_name.function_code)) in (3, 5)
),

function_by_ancestor as (
    select
        candidate.document_id,
        candidate.form_no,
        candidate.row_no,
        candidate.col_no,
        candidate.fact,
        case when count(distinct candidate.function_code) = 1 then min(candidate.function_code) end as function_code
    from function_candidate as candidate
    asof inner join ancestor
        on
            candidate.document_id = ancestor.document_id
            and candidate.form_no = ancestor.form_no
            and candidate.row_no > ancestor.row_no
    where candidate.is_valid and starts_with(candidate.function_code, ancestor.function_code)
    group by all
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
    asof inner join (select * from economic_row where length(class_code) = 3) as ancestor
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
            else coalesce(valid_code.printed_code, function_by_name.function_code, function_by_ancestor.function_code)
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
            and valid_code.col_no = function_by_name.col_no
            and valid_code.fact = function_by_name.fact
    left join function_by_ancestor
        on
            valid_code.document_id = function_by_ancestor.document_id
            and valid_code.form_no = function_by_ancestor.form_no
            and valid_code.row_no = function_by_ancestor.row_no
            and valid_code.col_no = function_by_ancestor.col_no
            and valid_code.fact = function_by_ancestor.fact
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
            when project_name is not null then coalesce(code, 'name:' || label_key, '') || '|' || {{ squeeze(fold_width('project_name')) }} || coalesce('|' || line_code, '')
            when fact = 'economic' and government_economic_code is not null then coalesce(code, '') || '/' || government_economic_code
            when fact = 'expenditure' and coalesce(economic_code, economic_word, government_economic_code) is not null
                then coalesce(code, case when row_role = 'total' then 'total' else 'name:' || coalesce(label_key, '?') end) || '*' || coalesce(economic_code, economic_word, '')
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
