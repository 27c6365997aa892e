{#- Text as it compares: what is printed wide means what is printed narrow. -#}

{#- Full-width ASCII (U+FF01..U+FF5E) and the ideographic space to half-width, as NFKC folds them.
    Most text is narrow already, and looking is cheaper than translating. -#}
{% macro fold_width(text) -%}
    case
        when regexp_matches({{ text }}, '[！-～　]')
            then translate(
                {{ text }},
                '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～　',
                '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~ '
            )
        else {{ text }}
    end
{%- endmacro %}

{#- Every kind of white space removed: ASCII, no-break, ideographic, zero-width, line breaks. -#}
{% macro squeeze(text) -%}
    regexp_replace({{ text }}, '[\s\x0B\x{85}\p{Z}\x{200B}-\x{200D}\x{2060}\x{FEFF}]+', '', 'g')
{%- endmacro %}

{#- The key of a budget unit, of its name without white space, folded, and its kind: a department and its own office
    (本级) have one name, and are two units. -#}
{% macro unit_id_of(unit_key, unit_kind) -%}
    'u' || left(md5(regexp_replace({{ unit_key }}, '(\((机关)?(本级|本部|机关)\)|本级)$', '')), 12)
    || case when {{ unit_kind }} = 'unit' then '-unit' else '' end
{%- endmacro %}

{#- The key that a department and its own office have in common, of a unit's. -#}
{% macro body_of(unit_id) -%}
    regexp_replace({{ unit_id }}, '-unit$', '')
{%- endmacro %}

{#- The title of a form as it compares: without its number, the year, marks and a page number behind it. -#}
{% macro bare_title(title) -%}
    regexp_replace(
        regexp_replace(
            {{ squeeze(fold_width(title)) }},
            '^(附件|附表|公开表|表)[一二三四五六七八九十0-9]+[-:：0-9]*|^[(]?[一二三四五六七八九十0-9]+[)、.．:：-]+|20[0-9]{2}年度?|[“”"《》()（）]|[.…·]*[0-9]*$', '', 'g'
        ),
        '^(部门|单位)', ''
    )
{%- endmacro %}

{#- A printed sentence with those traditional characters simplified that the patterns on sentences look for. -#}
{% macro simplified(text) -%}
    translate({{ text }}, '萬億減節約預調後項總計結轉餘當', '万亿减节约预调后项总计结转余当')
{%- endmacro %}
