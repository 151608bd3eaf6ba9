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
