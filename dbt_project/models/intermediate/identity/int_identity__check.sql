-- One row per check, all ways of evaluation together, before waivers.
-- A model that evaluates identities gives one row per place that it looks at, with the columns that it knows: document_id, identity_id, place,
-- value_unit, lhs, rhs, difference (where it is not the one less the other), tolerance, reason_code (why it is not decided), refs, page, keys,
-- arguments of the message and its variant. Status, key, message and what is not printed follow here, for all alike.
{% set observing_models = [
    'change', 'direction', 'floor_area', 'list', 'metric', 'misreading', 'name', 'performance', 'project', 'rate', 'reading', 'remark',
    'repeat', 'said_name', 'scan', 'structure', 'text', 'text_name', 'unit_count', 'unit_sum', 'whole_list',
] -%}

with observed as (
    {% for name in observing_models %}
    select * replace (cast(lhs as decimal(28, 4)) as lhs, cast(rhs as decimal(28, 4)) as rhs, cast(tolerance as decimal(28, 8)) as tolerance)
    from {{ ref('int_identity__' ~ name ~ '_checked') }}
    {% if not loop.last -%} union all by name {%- endif %}
    {%- endfor %}

),

expected as (

    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation != 'terms'

),

message as (

    select * replace (coalesce(variant, '') as variant)
    from {{ ref('identity_messages') }}

),

due as (

    select
        expected.document_id,
        expected.identity_id,
        observed.* exclude (document_id, identity_id, variant, difference),
        observed.document_id is not null as is_printed,
        coalesce(observed.variant, '') as variant,
        coalesce(observed.difference, observed.lhs - observed.rhs) as difference
    from expected
    left join observed using (document_id, identity_id)

),

decided as (

    select
        * replace (case when is_printed then reason_code else 'not_printed' end as reason_code),
        case
            when not is_printed or reason_code = 'zero_base' then 'not_applicable'
            when reason_code is not null then 'not_evaluable'
            when abs(difference) <= tolerance then 'pass'
            else 'fail'
        end as status
    from due

),

observed_check as (

    select
        md5(concat_ws('|', decided.document_id, decided.identity_id, decided.place)) as check_key,
        decided.document_id,
        decided.identity_id,
        coalesce(decided.place, '-') as scope,
        coalesce(decided.value_unit, 'count') as value_unit,
        decided.status,
        decided.reason_code,
        cast(decided.lhs as decimal(28, 4)) as lhs,
        cast(decided.rhs as decimal(28, 4)) as rhs,
        cast(case when decided.reason_code is null then decided.difference end as decimal(28, 4)) as difference,
        cast(case when decided.reason_code is null then decided.tolerance end as decimal(28, 8)) as tolerance,
        decided.lhs_ref,
        decided.rhs_ref,
        decided.page_no,
        decided.statement_code,
        decided.fund_code,
        decided.row_key,
        decided.column_key,
        decided.basis,
        {{ filled_in('message.message_zh', 'decided.arguments.zh') }} as message_zh,
        {{ filled_in('message.message_en', 'decided.arguments.en') }} as message_en,
        decided.lhs_terms,
        decided.rhs_terms
    from decided
    left join message
        on
            decided.status = 'fail'
            and decided.identity_id = message.identity_id
            and decided.variant = message.variant

),

equation as (

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
select * from observed_check
