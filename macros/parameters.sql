{% macro parameter(parameter_id) -%}
    {#-
        The value of a parameter of the seed `parameters`, where each stands with its evidence. One that is not
        there, or has no value, stops the build: a null would empty in silence whatever is worked out with it.
    -#}
    coalesce(
        (select value from {{ ref('parameters') }} where parameter_id = '{{ parameter_id }}'),
        {{ fail_with("'The seed parameters has no value for " ~ parameter_id ~ "'") }}
    )
{%- endmacro %}


{% macro text_parameter(parameter_id) -%}
    {#- The value of a parameter that is a text, such as a quarter; one that is not there stops the build. -#}
    coalesce(
        (select text_value from {{ ref('parameters') }} where parameter_id = '{{ parameter_id }}'),
        {{ fail_with("'The seed parameters has no text for " ~ parameter_id ~ "'") }}
    )
{%- endmacro %}
