-- One row per unit, fiscal year, stage, fund and functional code, totals among them; every figure from one place only.
{# half of the last digit of an amount in 万元 with two decimals #}
{% set rounding_yuan = 50 -%}
with expenditure as (
    select * from {{ ref('fct_expenditure') }}
),

report_source as (
    select * from {{ ref('report_sources') }}
),

document as (
    select * from {{ ref('dim_document') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

function as (
    select * from {{ ref('dim_function') }}
),

chosen as (
    select * from {{ ref('bridge_unit_document') }}
),

printed_figure as (
    select
        expenditure.*,
        report_source.family,
        report_source.detail_preference,
        report_source.total_preference
    from expenditure
    inner join report_source
        on
            expenditure.statement_code = report_source.statement_code
            and expenditure.source = report_source.source
            and expenditure.fund_code = report_source.fund_code
    inner join document
        on expenditure.document_id = document.document_id and document.superseded_by is null
    where
        expenditure.budget_unit_name is null
        and expenditure.budget_part is null
        and expenditure.economic_code is null
        and expenditure.government_economic_code is null
        and expenditure.basis = case expenditure.stage when 'budget' then 'initial_budget' else 'final' end
        and expenditure.measure in ('total', 'basic', 'project')
),

-- forms that print their codes again in unnamed blocks, one per unit: only all printings together make the printed total
form_in_blocks as (
    select
        document_id,
        fiscal_year,
        stage,
        statement_code,
        source,
        fund_code
    from printed_figure
    where measure = 'total'
    group by all
    having
        max(occurrence) > 1
        and abs(
            sum(amount_yuan) filter (where is_leaf and level != 'total')
            - max(amount_yuan) filter (where level = 'total' and occurrence = 1)
        ) <= {{ rounding_yuan }} * count(*)
),

figure as (
    select
        printed_figure.*,
        form_in_blocks.document_id is not null and printed_figure.level != 'total' as is_in_blocks
    from printed_figure
    left join form_in_blocks
        on
            printed_figure.document_id = form_in_blocks.document_id
            and printed_figure.fiscal_year is not distinct from form_in_blocks.fiscal_year
            and printed_figure.stage = form_in_blocks.stage
            and printed_figure.statement_code = form_in_blocks.statement_code
            and printed_figure.source = form_in_blocks.source
            and printed_figure.fund_code = form_in_blocks.fund_code
    where
        printed_figure.occurrence = 1
        or (form_in_blocks.document_id is not null and printed_figure.level != 'total')
),

measured as (
    select
        unit_id,
        fiscal_year,
        stage,
        document_id,
        statement_code,
        source,
        fund_code,
        family,
        detail_preference,
        total_preference,
        level,
        function_code,
        min(function_name) as function_name,
        {% for measure, column in [('total', 'amount_yuan'), ('basic', 'basic_yuan'), ('project', 'project_yuan')] %}
        cast(
            case
                when is_in_blocks then sum(amount_yuan) filter (where measure = '{{ measure }}')
                else max(amount_yuan) filter (where measure = '{{ measure }}')
            end
            as decimal(20, 2)
        ) as {{ column }},
        {% endfor %}
        coalesce(min(page_no) filter (where measure = 'total'), min(page_no)) as page_no,
        coalesce(min(source_ref) filter (where measure = 'total'), min(source_ref)) as source_ref
    from figure
    -- a code is one row, under however many names it is printed
    group by
        unit_id,
        fiscal_year,
        stage,
        document_id,
        statement_code,
        source,
        fund_code,
        family,
        detail_preference,
        total_preference,
        level,
        is_in_blocks,
        function_code,
        case when function_code is null then function_name end
),

-- codes of which a finer one has no amount that was read: the finer ones do not make their amount
not_divided as (
    select
        unread.document_id,
        unread.fiscal_year,
        unread.stage,
        unread.statement_code,
        unread.source,
        unread.fund_code,
        -- of codes that each begin the next, the last is the nearest
        max(upper.function_code) as function_code
    from measured as unread
    inner join measured as upper
        on
            unread.document_id = upper.document_id
            and unread.fiscal_year is not distinct from upper.fiscal_year
            and unread.stage = upper.stage
            and unread.statement_code = upper.statement_code
            and unread.source = upper.source
            and unread.fund_code = upper.fund_code
            and length(unread.function_code) > length(upper.function_code)
            and starts_with(unread.function_code, upper.function_code)
    where unread.amount_yuan is null and upper.amount_yuan is not null
    group by
        unread.document_id,
        unread.fiscal_year,
        unread.stage,
        unread.statement_code,
        unread.source,
        unread.fund_code,
        unread.function_code
),

compared as (
    select
        measured.*,
        not exists (
            select 1
            from measured as finer
            where
                finer.document_id = measured.document_id
                and finer.fiscal_year is not distinct from measured.fiscal_year
                and finer.stage = measured.stage
                and finer.statement_code = measured.statement_code
                and finer.source = measured.source
                and finer.fund_code = measured.fund_code
                and finer.level != 'total'
                and (
                    measured.level = 'total'
                    or (length(finer.function_code) > length(measured.function_code) and starts_with(finer.function_code, measured.function_code))
                )
        ) as has_no_finer,
        -- the highest of the codes that are not divided which this one is or lies below
        (
            select min(not_divided.function_code)
            from not_divided
            where
                not_divided.document_id = measured.document_id
                and not_divided.fiscal_year is not distinct from measured.fiscal_year
                and not_divided.stage = measured.stage
                and not_divided.statement_code = measured.statement_code
                and not_divided.source = measured.source
                and not_divided.fund_code = measured.fund_code
                and starts_with(measured.function_code, not_divided.function_code)
        ) as undivided_code
    from measured
),

-- a code is a leaf where no finer one stands in its place, whatever economic classes divide it
leaf as (
    select
        * exclude (has_no_finer, undivided_code),
        case when undivided_code is null then has_no_finer else undivided_code = function_code end as is_leaf
    from compared
),

place as (
    select
        unit_id,
        fiscal_year,
        stage,
        document_id,
        statement_code,
        source,
        family,
        detail_preference,
        count(*) filter (where level != 'total') as function_rows
    from measured
    group by all
),

chosen_family as (
    select
        unit_id,
        fiscal_year,
        stage,
        document_id,
        family
    from place
    qualify row_number() over (
        partition by unit_id, fiscal_year, stage
        order by function_rows = 0 asc, detail_preference asc, function_rows desc, document_id asc
    ) = 1
),

chosen_place as (
    select place.*
    from place
    inner join chosen_family
        on place.document_id = chosen_family.document_id and place.family = chosen_family.family
    qualify row_number() over (
        partition by place.document_id, place.stage, place.fiscal_year, place.statement_code
        order by place.function_rows = 0, place.detail_preference
    ) = 1
),

detail as (
    select leaf.*
    from leaf
    inner join chosen_place
        on
            leaf.document_id = chosen_place.document_id
            and leaf.fiscal_year is not distinct from chosen_place.fiscal_year
            and leaf.stage = chosen_place.stage
            and leaf.statement_code = chosen_place.statement_code
            and leaf.source = chosen_place.source
),

extent as (
    select
        document_id,
        fiscal_year,
        stage,
        list(distinct fund_code) as funds,
        count(*) filter (where level != 'total') as function_rows
    from detail
    group by all
),

unit_total as (
    select
        measured.*,
        extent.function_rows = 0 as is_leaf
    from measured
    inner join extent
        on
            measured.document_id = extent.document_id
            and measured.fiscal_year is not distinct from extent.fiscal_year
            and measured.stage = extent.stage
    where
        measured.level = 'total'
        and measured.amount_yuan is not null
        and (measured.fund_code in ('all', 'fiscal_appropriation') or extent.funds = [measured.fund_code])
    qualify row_number() over (
        partition by measured.document_id, measured.fiscal_year, measured.stage
        order by measured.total_preference
    ) = 1
),

listed as (
    select
        *,
        true as is_unit_total
    from unit_total
    union all by name
    select
        detail.* exclude (is_leaf),
        case
            when detail.level = 'total' then extent.function_rows = 0 and unit_total.document_id is null
            else detail.is_leaf
        end as is_leaf,
        false as is_unit_total
    from detail
    inner join extent
        on
            detail.document_id = extent.document_id
            and detail.fiscal_year is not distinct from extent.fiscal_year
            and detail.stage = extent.stage
    left join unit_total
        on
            detail.document_id = unit_total.document_id
            and detail.fiscal_year is not distinct from unit_total.fiscal_year
            and detail.stage = unit_total.stage
    where detail.level != 'total' or detail.fund_code is distinct from unit_total.fund_code
)

select
    listed.unit_id,
    unit.unit_name,
    unit.unit_kind,
    unit.region_code,
    unit.region_name,
    unit.province_name,
    unit.city_name,
    listed.fiscal_year,
    listed.stage,
    listed.fund_code,
    listed.level,
    listed.is_unit_total,
    listed.is_leaf,
    listed.function_code,
    listed.function_name,
    named.name_en as function_name_en,
    class.function_code as class_code,
    class.name_zh as class_name_zh,
    class.name_en as class_name_en,
    section.function_code as section_code,
    section.name_zh as section_name_zh,
    section.name_en as section_name_en,
    item.function_code as item_code,
    item.name_zh as item_name_zh,
    item.name_en as item_name_en,
    listed.amount_yuan,
    listed.basic_yuan,
    listed.project_yuan,
    unit_total.amount_yuan as unit_total_yuan,
    cast(100 * listed.amount_yuan / nullif(unit_total.amount_yuan, 0) as decimal(14, 4)) as share_of_unit_total_pct,
    listed.statement_code,
    listed.source,
    document.audit_status,
    listed.document_id,
    chosen.choice as document_choice,
    listed.page_no,
    listed.source_ref
from listed
inner join document
    on listed.document_id = document.document_id
left join chosen
    on listed.document_id = chosen.document_id
inner join unit
    on listed.unit_id = unit.unit_id
left join unit_total
    on
        listed.document_id = unit_total.document_id
        and listed.fiscal_year is not distinct from unit_total.fiscal_year
        and listed.stage = unit_total.stage
left join function as named
    on listed.function_code = named.function_code
left join function as class
    on left(listed.function_code, 3) = class.function_code
left join function as section
    on left(listed.function_code, 5) = section.function_code and section.level = 'section'
left join function as item
    on listed.function_code = item.function_code and item.level = 'item'
