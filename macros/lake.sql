{% macro register_lake() %}
    {#-
        Before a run: one view a feed in schema `lake` over the Parquet files of the submissions that have
        landed whole. A file without its row in the manifest was cut off while landing and is not read.
        A feed with nothing landed is an empty view with the contract's columns.
    -#}
    {%- if not execute -%}{{ return('') }}{%- endif -%}
    {{ adapter.dispatch('register_lake', 'bcbv')() }}
{% endmacro %}


{% macro duckdb__register_lake() %}
    {%- set lake = env_var('BCBV_HOME', 'data') ~ '/lake' -%}
    {%- do run_query('create schema if not exists lake') -%}
    {%- set manifest = run_query("select file from glob('" ~ lake ~ "/_submissions/*.parquet')").columns[0].values() | list -%}
    {%- set landed = {} -%}
    {%- if manifest -%}
        {%- for row in run_query(
            "select feed, submission_id from read_parquet('" ~ lake ~ "/_submissions/*.parquet', union_by_name = true) order by 1, 2"
        ).rows -%}
            {%- do landed.setdefault(row[0], []).append(row[1]) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set everything = landed.values() | sum(start=[]) -%}
    {%- for node in graph.sources.values() if node.source_name == 'lake' -%}
        {%- set folder = node.config.meta.get('folder', node.name) -%}
        {%- set ids = landed.get(node.name, []) if node.config.meta.get('feed') else everything -%}
        {%- set columns = [] -%}
        {%- for column in node.columns.values() -%}
            {%- do columns.append('null::' ~ (column.data_type or 'varchar') ~ ' as ' ~ column.name) -%}
        {%- endfor -%}
        {%- if node.config.meta.get('feed') -%}
            {%- do columns.append('null::varchar as _submission_id') -%}
            {%- do columns.append('null::bigint as _line') -%}
        {%- endif -%}
        {%- set files = [] -%}
        {%- for id in ids -%}
            {%- do files.append("'" ~ lake ~ '/' ~ folder ~ '/' ~ id ~ ".parquet'") -%}
        {%- endfor -%}
        {%- set view -%}
            create or replace view lake.{{ node.name }} as
            select {{ columns | join(', ') }} where false
            {%- if files %}
            union all by name
            select * from read_parquet([{{ files | join(', ') }}], union_by_name = true)
            {%- endif %}
        {%- endset -%}
        {%- do run_query(view) -%}
    {%- endfor -%}
{% endmacro %}
