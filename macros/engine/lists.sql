{% macro compact_list(columns) %}
    {#- A list of the values of several columns, nulls left out, in the order given. -#}
    {{ return(adapter.dispatch('compact_list', 'bcbv')(columns)) }}
{% endmacro %}

{% macro duckdb__compact_list(columns) -%}
    list_filter([{{ columns | join(', ') }}], lambda code: code is not null)
{%- endmacro %}

{% macro spark__compact_list(columns) -%}
    array_compact(array({{ columns | join(', ') }}))
{%- endmacro %}


{% macro any_matches(list, pattern) %}
    {#- True where any element of a list matches the regular expression (searched, not anchored). -#}
    {{ return(adapter.dispatch('any_matches', 'bcbv')(list, pattern)) }}
{% endmacro %}

{% macro duckdb__any_matches(list, pattern) -%}
    len(list_filter({{ list }}, lambda code: regexp_matches(code, {{ pattern }}))) > 0
{%- endmacro %}

{% macro spark__any_matches(list, pattern) -%}
    exists({{ list }}, code -> code rlike {{ pattern }})
{%- endmacro %}


{% macro is_one_of(value, literals) %}
    {#- Whether a value is one of some constants, the list of which is SQL; null where the value is. -#}
    {{ return(adapter.dispatch('is_one_of', 'bcbv')(value, literals)) }}
{% endmacro %}

{% macro duckdb__is_one_of(value, literals) -%}
    {#- `in` with more than a few constants becomes a join, which is made even where nobody asks for the column. -#}
    list_contains([{{ literals }}], {{ value }})
{%- endmacro %}

{% macro spark__is_one_of(value, literals) -%}
    {{ value }} in ({{ literals }})
{%- endmacro %}


{% macro any_between(list, first_category, last_category) %}
    {#- True where the first three characters of any element of a list lie in a range. -#}
    {{ return(adapter.dispatch('any_between', 'bcbv')(list, first_category, last_category)) }}
{% endmacro %}

{% macro duckdb__any_between(list, first_category, last_category) -%}
    len(
        list_filter({{ list }}, lambda code: left(code, 3) between {{ first_category }} and {{ last_category }})
    ) > 0
{%- endmacro %}

{% macro spark__any_between(list, first_category, last_category) -%}
    exists({{ list }}, code -> left(code, 3) between {{ first_category }} and {{ last_category }})
{%- endmacro %}


{% macro explode_list(column) %}
    {#- One row per element of a ;-separated text. -#}
    {{ return(adapter.dispatch('explode_list', 'bcbv')(column)) }}
{% endmacro %}

{% macro duckdb__explode_list(column) -%}
    unnest(string_split({{ column }}, ';'))
{%- endmacro %}

{% macro spark__explode_list(column) -%}
    explode(split({{ column }}, ';'))
{%- endmacro %}


{% macro matches(column, pattern) %}
    {#- True where the text matches the regular expression (searched, not anchored). -#}
    {{ return(adapter.dispatch('matches', 'bcbv')(column, pattern)) }}
{% endmacro %}

{% macro duckdb__matches(column, pattern) -%}
    regexp_matches({{ column }}, {{ pattern }})
{%- endmacro %}

{% macro spark__matches(column, pattern) -%}
    {{ column }} rlike {{ pattern }}
{%- endmacro %}


{% macro explode_array(list) %}
    {#- One row per element of a list. -#}
    {{ return(adapter.dispatch('explode_array', 'bcbv')(list)) }}
{% endmacro %}

{% macro duckdb__explode_array(list) -%}
    unnest({{ list }})
{%- endmacro %}

{% macro spark__explode_array(list) -%}
    explode({{ list }})
{%- endmacro %}


{% macro sort_elements(text) %}
    {#- A comma-separated text with its elements in ascending order. -#}
    {{ return(adapter.dispatch('sort_elements', 'bcbv')(text)) }}
{% endmacro %}

{% macro duckdb__sort_elements(text) -%}
    array_to_string(list_sort(string_split({{ text }}, ',')), ',')
{%- endmacro %}

{% macro spark__sort_elements(text) -%}
    array_join(array_sort(split({{ text }}, ',')), ',')
{%- endmacro %}
