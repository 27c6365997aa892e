-- One row per check, all ways of evaluation together, before waivers.
with equation as (

    select
        checked.*,
        explained.message_zh,
        explained.message_en,
        explained.lhs_terms,
        explained.rhs_terms
    from {{ ref('int_identity__equation_checked') }} as checked
    left join {{ ref('int_identity__equation_explained') }} as explained using (check_key)

)

select * from equation
union all by name
select * from {{ ref('int_identity__repeat_checked') }}
union all by name
select * from {{ ref('int_identity__misreading_checked') }}
union all by name
select * from {{ ref('int_identity__scan_checked') }}
union all by name
select * from {{ ref('int_identity__reading_checked') }}
union all by name
select * from {{ ref('int_identity__rate_checked') }}
union all by name
select * from {{ ref('int_identity__direction_checked') }}
union all by name
select * from {{ ref('int_identity__text_checked') }}
union all by name
select * from {{ ref('int_identity__remark_checked') }}
union all by name
select * from {{ ref('int_identity__structure_checked') }}
union all by name
select * from {{ ref('int_identity__metric_checked') }}
union all by name
select * from {{ ref('int_identity__list_checked') }}
union all by name
select * from {{ ref('int_identity__name_checked') }}
union all by name
select * from {{ ref('int_identity__performance_checked') }}
union all by name
select * from {{ ref('int_identity__change_checked') }}
union all by name
select * from {{ ref('int_identity__document_checked') }}
union all by name
select * from {{ ref('int_identity__unit_sum_checked') }}
union all by name
select * from {{ ref('int_identity__unit_count_checked') }}
union all by name
select * from {{ ref('int_identity__floor_area_checked') }}
union all by name
select * from {{ ref('int_identity__part_checked') }}
union all by name
select * from {{ ref('int_identity__text_name_checked') }}
union all by name
select * from {{ ref('int_identity__project_checked') }}
union all by name
select * from {{ ref('int_identity__whole_list_checked') }}
union all by name
select * from {{ ref('int_identity__said_name_checked') }}
