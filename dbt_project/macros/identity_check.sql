{#- What a check says: the arguments of its message, which seeds/registry/identity_messages.csv words. -#}

{#- The named arguments of a message: name='column', or name=['column in Chinese', 'column in English']. -#}
{% macro arguments() -%}
    {%- set names = kwargs.keys() | list -%}
    {
    {%- for language in ['zh', 'en'] %}
        '{{ language }}': map(
            ['{{ names | join("', '") }}'],
            [
            {%- for name in names %}
                {%- set value = kwargs[name] if kwargs[name] is string else kwargs[name][0 if language == 'zh' else 1] %}
                cast({{ value }} as varchar){{ ',' if not loop.last }}
            {%- endfor %}
            ]
        ){{ ',' if not loop.last }}
    {%- endfor %}
    }
{%- endmacro %}

{#- A message whose {names} are filled in from the arguments in its language. -#}
{% macro filled_in(message, arguments) -%}
    array_to_string(
        list_transform(
            string_split_regex({{ message }}, '[{}]'),
            lambda piece: case when map_contains({{ arguments }}, piece) then coalesce({{ arguments }}[piece], '') else piece end
        ),
        ''
    )
{%- endmacro %}
