{#- Printed amounts. Decimal arithmetic only: a float never touches money. -#}

{#-
  One amount as plain digits: '-1234.50', or the squeezed text when it is no number.
  A sign counts only directly before the digits (or before a line break that a narrow column put there);
  '- 0.95' is a list marker. Brackets are a minus. Commas go when they group threes, or when a point follows
  (then they cannot be the decimal sign); '12,34' stays what it is: not a number we can vouch for.
-#}
{% macro amount_text(text) -%}
    {%- set folded = 'trim(' ~ fold_width(text) ~ ", ' ' || chr(9) || chr(10) || chr(13) || chr(160))" -%}
    {%- set squeezed = squeeze(fold_width(text)) -%}
    {%- set digits = "(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:,[0-9]+)*[.][0-9]+|[.][0-9]+)" -%}
    case
        when regexp_matches({{ squeezed }}, '^[(]{{ digits }}[)]$')
            then '-' || regexp_replace({{ squeezed }}, '[(),]', '', 'g')
        when not regexp_matches({{ squeezed }}, '^[-−]?{{ digits }}$')
            then {{ squeezed }}
        else
            case when regexp_matches({{ folded }}, '^[-−][\r\n]*[0-9.]') then '-' else '' end
            || regexp_replace({{ squeezed }}, '[-−,]', '', 'g')
    end
{%- endmacro %}

{#- DECIMAL(20,6), or null when the text is blank, a dash or not a number. -#}
{% macro parse_amount(text) -%}
    try_cast(regexp_extract({{ amount_text(text) }}, '^-?[0-9]*[.]?[0-9]+$') as decimal(20, 6))
{%- endmacro %}

{#- INTEGER: digits after the point as printed ('35. 00' -> 2); null when no amount is stated. -#}
{% macro amount_decimals(text) -%}
    case
        when {{ parse_amount(text) }} is not null
            then cast(length(regexp_extract({{ amount_text(text) }}, '[.]([0-9]+)$', 1)) as integer)
    end
{%- endmacro %}

{#- 'stated' | 'blank' | 'dash' | 'illegible'. 'stated' exactly where parse_amount is not null. -#}
{% macro amount_state(text) -%}
    case
        when coalesce({{ squeeze(text) }}, '') = '' then 'blank'
        when regexp_matches({{ squeeze(fold_width(text)) }}, '^[-‐‑‒–—―−─━﹘﹣ー⸺⸻/_]+$') then 'dash'
        when {{ parse_amount(text) }} is not null then 'stated'
        else 'illegible'
    end
{%- endmacro %}
