{% macro row_hash(columns) %}
    {#- A number that rows with the same values share (nulls too); other rows may share it by chance. -#}
    {{ return(adapter.dispatch('row_hash', 'bcbv')(columns)) }}
{% endmacro %}

{% macro duckdb__row_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__row_hash(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}
