{% macro fail_with(message) %}
    {#- An expression that stops the query with a message, an SQL text, where it is reached. -#}
    {{ return(adapter.dispatch('fail_with', 'bcbv')(message)) }}
{% endmacro %}

{% macro duckdb__fail_with(message) -%}
    error({{ message }})
{%- endmacro %}

{% macro spark__fail_with(message) -%}
    raise_error({{ message }})
{%- endmacro %}
