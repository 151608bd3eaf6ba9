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


{% macro secret_hash(text) %}
    {#- SHA-256, in hexadecimal, of a text and the home's salt: who does not know the salt cannot find the text. -#}
    {{ return(adapter.dispatch('secret_hash', 'bcbv')(text)) }}
{% endmacro %}

{% macro duckdb__secret_hash(text) -%}
    sha256({{ salt() }} || '|' || {{ text }})
{%- endmacro %}

{% macro spark__secret_hash(text) -%}
    sha2({{ salt() }} || '|' || {{ text }}, 256)
{%- endmacro %}

{% macro salt() -%}
    {#- The home's salt; without one the query stops, for it would hash with nothing. -#}
    coalesce((select salt from {{ ref('stg_salt') }}), {{ fail_with("'The home has no salt'") }})
{%- endmacro %}


{% macro text_hash(text) %}
    {#- SHA-256, in hexadecimal, of a text. -#}
    {{ return(adapter.dispatch('text_hash', 'bcbv')(text)) }}
{% endmacro %}

{% macro duckdb__text_hash(text) -%}
    sha256({{ text }})
{%- endmacro %}

{% macro spark__text_hash(text) -%}
    sha2({{ text }}, 256)
{%- endmacro %}
