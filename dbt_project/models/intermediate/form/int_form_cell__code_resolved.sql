-- One row per fact that an amount cell states: its row's code and level under the classification of the fiscal year.
with stated as (
    select * from {{ ref('int_form_cell__meaning_resolved') }}
),

function_name as (
    select * from {{ ref('int_function__dated_name') }}
),

economic_name as (
    select
        code,
        level,
        {{ squeeze(fold_width('name_zh')) }} as name_key
    from {{ ref('economic_classification') }}
),

-- printed parts to digits: '201 3 1' -> 2010301; '201 20103 2010301' -> the last, which is whole
printed_code as (
    select
        *,
        string_split(code_text, ' ') as parts,
        string_split(economic_word, ' ') as economic_parts
    from stated
),

joined_code as (
    select
        * exclude (parts, economic_parts),
        case when row_role = 'coded' then {{ joined_code('parts') }} end as joined_code,
        {{ joined_code('economic_parts') }} as joined_economic_code
    from printed_code
),

valid_code as (
    select
        * exclude (joined_code, joined_economic_code),
        case
            when fact = 'economic' and regexp_matches(joined_code, '^[35][0-9]{2}([0-9]{2})?$') then joined_code
            when fact in ('expenditure', 'revenue', 'project_budget') and regexp_matches(joined_code, '^2[0-9]{2}([0-9]{2}){0,2}$') then joined_code
        end as printed_code,
        case when regexp_matches(joined_economic_code, '^3[0-9]{2}([0-9]{2})?$') then joined_economic_code end as printed_economic_code
    from joined_code
),

-- a name without a code: the one code of that name, among those valid in the year if there are any
function_candidate as (
    select
        valid_code.document_id,
        valid_code.form_no,
        valid_code.row_no,
        valid_code.col_no,
        valid_code.fact,
        function_name.function_code,
        valid_code.fiscal_year between function_name.valid_from_year and coalesce(function_name.valid_to_year, 9999) as is_valid
    from valid_code
    inner join function_name
        on
            valid_code.label_key = function_name.name_key
            and (valid_code.side is null or function_name.level = 'class')
    where
        valid_code.fact in ('expenditure', 'revenue', 'project_budget')
        and valid_code.row_role = 'coded'
        and valid_code.printed_code is null
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

economic_by_name as (
    select
        name_key,
        case when name_key = '资本性支出' then '310' when count(distinct code) = 1 then min(code) end as economic_code
    from economic_name
    group by name_key
),

coded as (
    select
        valid_code.*,
        case
            when valid_code.row_role != 'coded' then null
            when valid_code.fact = 'economic' then coalesce(valid_code.printed_code, economic_by_name.economic_code)
            else coalesce(valid_code.printed_code, function_by_name.function_code, function_by_ancestor.function_code)
        end as code,
        coalesce(valid_code.printed_economic_code, economic_class.economic_code) as economic_code
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
    left join economic_by_name
        on valid_code.fact = 'economic' and valid_code.label_key = economic_by_name.name_key
    left join economic_by_name as economic_class
        on {{ squeeze(fold_width('valid_code.economic_word')) }} = economic_class.name_key
)

select
    *,
    case
        when fact in ('balance', 'three_public') then row_role
        when row_role = 'total' then 'total'
        when project_name is not null then coalesce(code, 'name:' || label_key, '') || '|' || {{ squeeze(fold_width('project_name')) }}
        when code is not null then code
        else 'name:' || coalesce(label_key, '?')
    end as row_key,
    case
        when fact in ('balance', 'three_public') then null
        when row_role = 'total' then 'total'
        when project_name is not null then null
        when length(code) = 5 then 'section'
        when length(code) = 7 then 'item'
        when length(code) = 3 then 'class'
        when side is not null then 'class'
        when fact = 'economic' then 'section'
        else 'item'
    end as level
from coded
