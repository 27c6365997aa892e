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

{#- The key of a budget unit, of its name without white space, folded. -#}
{% macro unit_id_of(unit_key) -%}
    'u' || left(md5({{ unit_key }}), 12)
{%- endmacro %}
