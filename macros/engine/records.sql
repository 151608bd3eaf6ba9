{% macro record_as_json(row, columns) %}
    {#-
        A row as JSON text, a key a column and each value a text; null stays null. columns: names to keep, a line each,
        as SQL; where that is null the keys that have a value. row: alias of the relation.
    -#}
    {{ return(adapter.dispatch('record_as_json', 'bcbv')(row, columns)) }}
{% endmacro %}

{% macro duckdb__record_as_json(row, columns) -%}
    cast(to_json(map_from_entries(list_filter(
        map_entries(from_json(to_json({{ row }}), '"map(varchar, varchar)"')),
        lambda field: coalesce(
            contains(chr(10) || {{ columns }} || chr(10), chr(10) || field['key'] || chr(10)),
            field['value'] is not null and left(field['key'], 1) <> '_'
        )
    ))) as varchar)
{%- endmacro %}

{% macro spark__record_as_json(row, columns) -%}
    to_json(map_from_entries(filter(
        map_entries(from_json(
            to_json(struct({{ row }}.*), map('ignoreNullFields', 'false')), 'map<string, string>'
        )),
        field -> coalesce(
            contains(chr(10) || {{ columns }} || chr(10), chr(10) || field.key || chr(10)),
            field.value is not null and left(field.key, 1) <> '_'
        )
    )), map('ignoreNullFields', 'false'))
{%- endmacro %}
