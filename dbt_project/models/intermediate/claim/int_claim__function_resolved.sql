-- One row per document and path of function names that its text prints: the code that the path means, if it means exactly one.
with claim as (
    select * from {{ ref('stg_disclosure__claim') }}
),

reason as (
    select * from {{ ref('stg_disclosure__change_reason') }}
),

-- the paths of figures and those of changes that are explained without one
named as (
    select
document_id,
function_path,
class_name,
section_name,
item_name,
function_code_text,
is_level_marked
    from claim
    where function_path is not null
    union all
    select
document_id,
function_path,
class_name,
section_name,
item_name,
function_code_text,
is_level_marked
    from reason
    where function_path is not null
),

document as (
    select * from {{ ref('stg_disclosure__document') }}
),

catalogue as (
    select * from {{ ref('int_function__dated_name') }}
),

form_row as (
    select distinct
        document_id,
        code,
        label_key as name_key
    from {{ ref('int_form_cell__code_resolved') }}
    where fact in ('expenditure', 'revenue') and length(code) in (3, 5, 7)
),

path as (
    select
        named.document_id,
        named.function_path,
        document.fiscal_year,
        named.class_name,
        named.section_name,
        named.item_name,
        regexp_extract_all({{ fold_width('named.function_code_text') }}, '[0-9]+') as code_parts,
        coalesce(named.item_name, named.section_name, named.class_name) as own_name,
        case
            when named.item_name is not null then 'item'
            when named.section_name is not null then 'section'
            when named.class_name is not null then 'class'
        end as own_level,
        bool_or(named.is_level_marked) as is_level_marked
    from named
    inner join document
        on named.document_id = document.document_id
    group by all
),

joined_code as (
    select
        *,
        {{ joined_code('code_parts') }} as joined_code
    from path
),

coded_path as (
    select
        *,
        case when regexp_matches(joined_code, '^2[0-9]{2}([0-9]{2}){0,2}$') then joined_code end as printed_code
    from joined_code
),

-- names as they compare; letters that mask words stand for one to four characters
printed_name as (
    select distinct
        printed_name,
        regexp_replace({{ squeeze(fold_width('printed_name')) }}, '[“”"''《》]', '', 'g') as name_key
    from (
        select unnest([class_name, section_name, item_name]) as printed_name
        from path
    )
    where printed_name is not null
),

compared_name as (
    select
        *,
        regexp_replace(name_key, '支出$', '') as bare_key,
        case
            when regexp_matches(name_key, '[A-Za-z]')
                then '^' || regexp_replace(regexp_replace(name_key, '([()\[\].+*?^$|\\])', '\\\1', 'g'), '[A-Za-z]+', '[一-龥]{1,4}', 'g') || '$'
        end as mask_pattern
    from printed_name
),

catalogue_name as (
    select
        function_code,
        level,
        class_code,
        section_code,
        name_key,
        regexp_replace(name_key, '支出$', '') as bare_key,
        valid_from_year,
        coalesce(valid_to_year, 9999) as valid_to_year
    from catalogue
),

-- 1: the catalogue's name; 3: all but 支出 at its end; 4: the name with its words masked (2 are the forms' own names)
name_match as (
    select
        compared_name.printed_name,
        catalogue_name.*,
        case when compared_name.name_key = catalogue_name.name_key then 1 else 3 end as match_rank
    from compared_name
    inner join catalogue_name
        on compared_name.bare_key = catalogue_name.bare_key
    union all
    select
        compared_name.printed_name,
        catalogue_name.*,
        4 as match_rank
    from compared_name
    inner join catalogue_name
        on regexp_matches(catalogue_name.name_key, compared_name.mask_pattern)
),

form_match as (
    select
        form_row.document_id,
        compared_name.printed_name,
        form_row.code as function_code,
        left(form_row.code, 3) as class_code,
        case when length(form_row.code) >= 5 then left(form_row.code, 5) end as section_code,
        case length(form_row.code) when 3 then 'class' when 5 then 'section' else 'item' end as level
    from compared_name
    inner join form_row
        on compared_name.name_key = form_row.name_key
),

-- the codes that the printed parents may mean
parent_code as (
    select distinct
        coded_path.document_id,
        coded_path.function_path,
        name_match.function_code
    from coded_path
    inner join name_match
        on
            (coded_path.own_level != 'class' and name_match.level = 'class' and coded_path.class_name = name_match.printed_name)
            or (coded_path.own_level = 'item' and name_match.level = 'section' and coded_path.section_name = name_match.printed_name)
),

parents as (
    select
        document_id,
        function_path,
        list(function_code) filter (where length(function_code) = 3) as class_codes,
        list(function_code) filter (where length(function_code) = 5) as section_codes
    from parent_code
    group by document_id, function_path
),

candidate as (
    select
        coded_path.document_id,
        coded_path.function_path,
        name_match.function_code,
        name_match.class_code,
        name_match.section_code,
        name_match.match_rank,
        name_match.level,
        name_match.level = coded_path.own_level as is_own_level,
        coded_path.fiscal_year between name_match.valid_from_year and name_match.valid_to_year as is_valid
    from coded_path
    inner join name_match
        on coded_path.own_name = name_match.printed_name
    where coded_path.printed_code is null and (not coded_path.is_level_marked or name_match.level = coded_path.own_level)
    union all by name
    select
        coded_path.document_id,
        coded_path.function_path,
        form_match.function_code,
        form_match.class_code,
        form_match.section_code,
        2 as match_rank,
        form_match.level,
        form_match.level = coded_path.own_level as is_own_level,
        true as is_valid
    from coded_path
    inner join form_match
        on coded_path.document_id = form_match.document_id and coded_path.own_name = form_match.printed_name
    where coded_path.printed_code is null and (not coded_path.is_level_marked or form_match.level = coded_path.own_level)
),

-- below the printed class; a section that contradicts counts less than one that agrees. A name without a class before it that is
-- a class but for 支出 (教育) is that class, not what the aid to other regions calls so
ranked as (
    select
        candidate.*,
        rank() over (
            partition by candidate.document_id, candidate.function_path
            order by
                case
                    when candidate.match_rank = 3 and candidate.level = 'class' and parents.class_codes is null then 0
                    else candidate.match_rank
                end,
                coalesce(not list_contains(parents.section_codes, candidate.section_code), false),
                not coalesce(candidate.is_valid, true),
                not candidate.is_own_level
        ) as candidate_rank
    from candidate
    left join parents
        on candidate.document_id = parents.document_id and candidate.function_path = parents.function_path
    where parents.class_codes is null or list_contains(parents.class_codes, candidate.class_code)
),

best as (
    select
        ranked.document_id,
        ranked.function_path,
        count(distinct ranked.function_code) as code_count,
        min(ranked.function_code) as first_code,
        count(distinct form_row.code) as form_code_count,
        min(form_row.code) as first_form_code,
        min(ranked.match_rank) as match_rank
    from ranked
    left join form_row
        on ranked.document_id = form_row.document_id and ranked.function_code = form_row.code
    where ranked.candidate_rank = 1
    group by ranked.document_id, ranked.function_path
),

-- a name that several codes share is the one of them that the forms print
by_name as (
    select
        document_id,
        function_path,
        case
            when code_count = 1 then first_code
            when match_rank < 4 and form_code_count = 1 then first_form_code
        end as function_code
    from best
),

-- an unmarked tail that is not a name of the catalogue leaves the class that is printed before it, where it is the only one
by_class as (
    select
        coded_path.document_id,
        coded_path.function_path,
        parents.class_codes[1] as function_code
    from coded_path
    inner join parents
        on coded_path.document_id = parents.document_id and coded_path.function_path = parents.function_path
    anti join candidate
        on coded_path.document_id = candidate.document_id and coded_path.function_path = candidate.function_path
    where
        len(parents.class_codes) = 1
        and parents.section_codes is null
        and not coded_path.is_level_marked
        and coded_path.printed_code is null
    qualify count(*) over (partition by coded_path.document_id, parents.class_codes[1]) = 1
),

resolved as (
    select
        coded_path.*,
        coalesce(coded_path.printed_code, by_name.function_code, by_class.function_code) as function_code
    from coded_path
    left join by_name
        on coded_path.document_id = by_name.document_id and coded_path.function_path = by_name.function_path
    left join by_class
        on coded_path.document_id = by_class.document_id and coded_path.function_path = by_class.function_path
)

select
    document_id,
    function_path,
    function_code,
    case length(function_code) when 3 then 'class' when 5 then 'section' when 7 then 'item' else coalesce(own_level, 'item') end as level,
    own_name as function_name
from resolved
