{% macro checksum(table) %}
    {#- Aggregate over the rows of a table: text that differs, but by rare accident, where any value does. -#}
    {{ return(adapter.dispatch('checksum', 'bcbv')(table)) }}
{% endmacro %}

{% macro duckdb__checksum(table) -%}
    cast(coalesce(sum(hash({{ table }})), 0) as varchar)
{%- endmacro %}

{% macro spark__checksum(table) -%}
    cast(coalesce(sum(cast(xxhash64({{ table }}.*) as decimal(38, 0))), 0) as string)
{%- endmacro %}
