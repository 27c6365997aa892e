{#- Cells of performance forms. -#}

{#- A printed text without the white space inside it; null where nothing, or a dash for nothing, is printed. -#}
{% macro printed_text(text) -%}
    case when not regexp_matches({{ squeeze(fold_width(text)) }}, '^[-‐‑‒–—―−─━﹘﹣ー⸺⸻/_]*$') then {{ squeeze(text) }} end
{%- endmacro %}

{#- DECIMAL(14,4): points or a rate, with or without 分 or % behind the number ('9.87分' -> 9.87). -#}
{% macro parse_points(text) -%}
    cast({{ parse_amount("regexp_replace(" ~ squeeze(text) ~ ", '(?:分|[%％]+)$', '')") }} as decimal(14, 4))
{%- endmacro %}

{#- '>=' '<=' '=' '>' '<' as a text says it at its beginning, in signs or in words; null where it says none. -#}
{% macro comparison_operator(text) -%}
    case
        when regexp_matches({{ text }}, '^(?:>=|=>|≥|≧|⩾|大于等于|不低于|不少于|不小于)') then '>='
        when regexp_matches({{ text }}, '^(?:<=|=<|≤|≦|⩽|小于等于|不高于|不超过|不大于|不多于)') then '<='
        when regexp_matches({{ text }}, '^(?:>|大于|高于|超过)') then '>'
        when regexp_matches({{ text }}, '^(?:<|小于|低于)') then '<'
        when regexp_matches({{ text }}, '^(?:=|等于)') then '='
    end
{%- endmacro %}

{#- The number and what follows it of a text such as '>=160亿元', by name; blank where the text is no quantity, null where it names a date. -#}
{% macro quantity_parts(text) -%}
    case when not regexp_matches({{ text }}, '[0-9](?:年度?|月份?|日|号)(?:底|末|初|[之以]?前|[上中下]旬|全年)') then regexp_extract(
        {{ text }},
        '^(?:[><=≥≤≧≦⩾⩽]{1,2}|大于等于|小于等于|不低于|不少于|不小于|不高于|不超过|不大于|不多于|大于|小于|等于|高于|低于|超过)?'
        || '(-?[0-9][0-9,]*(?:[.][0-9]+)?)([^0-9]{0,10}?)(?:及?以上|及?以下|以内|左右)?$',
        ['number', 'rest']
    ) end
{%- endmacro %}

{#- A unit as printed behind a number, or null where it is none. `parts` are those of the folded text,
    each character of which is folded from one of the printed text. -#}
{% macro quantity_unit(parts, printed, folded) -%}
    case
        when regexp_matches({{ parts }}['rest'], '^[\p{Han}A-Za-z%‰℃㎡²³/()·]*[\p{Han}A-Za-z%‰℃㎡][\p{Han}A-Za-z%‰℃㎡²³/()·]*$')
            then substr(
                {{ printed }},
                cast(strpos({{ folded }}, {{ parts }}['number']) + length({{ parts }}['number']) as integer),
                cast(length({{ parts }}['rest']) as integer)
            )
    end
{%- endmacro %}

{#- Half a unit of the last place that a rate or a score shows, trailing zeros not counted: 100.00 -> 0.5, 98.2 -> 0.05. -#}
{% macro half_width_shown(value) -%}
    cast(
        '0.' || repeat('0', length(rtrim(split_part(cast({{ value }} as varchar), '.', 2), '0'))) || '5' as decimal(28, 8)
    )
{%- endmacro %}
