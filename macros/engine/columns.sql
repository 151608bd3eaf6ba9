{% macro star_except(columns) %}
    {#- All columns but some. -#}
    {{ return(adapter.dispatch('star_except', 'bcbv')(columns)) }}
{% endmacro %}

{% macro duckdb__star_except(columns) -%}
    * exclude ({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__star_except(columns) -%}
    * except ({{ columns | join(', ') }})
{%- endmacro %}
