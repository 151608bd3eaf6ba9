{% macro parameter(parameter_id) -%}
    {#- The value of a parameter of the seed `parameters`, where each stands with its evidence. -#}
    (select value from {{ ref('parameters') }} where parameter_id = '{{ parameter_id }}')
{%- endmacro %}
