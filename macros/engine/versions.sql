{% macro code_version() %}
    {#-
        The version of the code that runs, as SQL: the project's and, in a checkout, the commit. It is a value of the
        session and no text of the query, so that a model stays as it is from commit to commit. Null where nobody told it.
    -#}
    {{ return(adapter.dispatch('code_version', 'bcbv')()) }}
{% endmacro %}

{% macro default__code_version() -%}
    cast(null as {{ type_string() }})
{%- endmacro %}

{% macro duckdb__code_version() -%}
    {#- Set by the plugin in profiles.yml. -#}
    cast(getvariable('bcbv_code_version') as varchar)
{%- endmacro %}
