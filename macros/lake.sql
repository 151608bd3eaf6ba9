{% macro register_lake() %}
    {#-
        Before a run: one view a feed in schema `lake` over the Parquet files of the submissions that have
        landed whole. A file without its row in the manifest was cut off while landing and is not read.
        A feed with nothing landed is an empty view with the contract's columns. Where semicolons separate the
        fields, commas may be decimal ones (_decimal_comma): then no number with a comma is read (Rulebook 1.2).
    -#}
    {%- if not execute -%}{{ return('') }}{%- endif -%}
    {{ adapter.dispatch('register_lake', 'bcbv')() }}
{% endmacro %}


{% macro duckdb__register_lake() %}
    {%- set lake = duckdb_home() ~ '/lake' -%}
    {%- do run_query('create schema if not exists lake') -%}
    {%- set manifest = run_query(
        'select file from glob(' ~ text_literal(file_pattern(lake ~ '/_submissions') ~ '/*.parquet') ~ ')'
    ).columns[0].values() | list -%}
    {%- set landed = {} -%}
    {%- set with_semicolons = [] -%}
    {%- if manifest -%}
        {%- set rows = run_query('select feed, submission_id, delimiter from ' ~ parquet_files(manifest) ~ ' order by 1, 2').rows -%}
        {%- if rows | length != manifest | length -%}
            {%- do exceptions.raise_compiler_error(
                lake ~ '/_submissions has ' ~ manifest | length ~ ' files with ' ~ rows | length
                ~ ' rows in all: each is of one submission') -%}
        {%- endif -%}
        {%- for row in rows -%}
            {%- do landed.setdefault(row[0], []).append(row[1]) -%}
            {%- if row[2] == 'semicolon' -%}{%- do with_semicolons.append(row[1]) -%}{%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {%- do exceptions.warn('nothing has landed in ' ~ lake ~ ': every table of figures will be empty') -%}
    {%- endif -%}
    {%- set everything = landed.values() | sum(start=[]) -%}
    {%- for node in graph.sources.values() if node.source_name == 'lake' -%}
        {%- set folder = node.config.meta.get('folder', node.name) -%}
        {%- if node.config.meta.get('file') -%}
            {%- set ids = [node.config.meta.get('file')] -%}
        {%- else -%}
            {%- set ids = landed.get(node.name, []) if node.config.meta.get('feed') else everything -%}
        {%- endif -%}
        {%- set columns = [] -%}
        {%- for column in node.columns.values() -%}
            {%- do columns.append('null::' ~ (column.data_type or 'varchar') ~ ' as ' ~ column.name) -%}
        {%- endfor -%}
        {%- if node.config.meta.get('feed') -%}
            {%- do columns.append('null::varchar as _submission_id') -%}
            {%- do columns.append('null::bigint as _line') -%}
            {%- do columns.append('null::boolean as _decimal_comma') -%}
        {%- endif -%}
        {%- set files = [] -%}
        {%- for id in ids -%}
            {%- do files.append(lake ~ '/' ~ folder ~ '/' ~ id ~ '.parquet') -%}
        {%- endfor -%}
        {%- set view -%}
            create or replace view lake.{{ node.name }} as
            select {{ columns | join(', ') }} where false
            {%- if files %}
            union all by name
            select
                *
                {%- if node.config.meta.get('feed') %},
                _submission_id in ('{{ with_semicolons | join("', '") }}') as _decimal_comma
                {%- endif %}
            from {{ parquet_files(files) }}
            {%- endif %}
        {%- endset -%}
        {%- do run_query(view) -%}
    {%- endfor -%}
{% endmacro %}


{% macro register_checks() %}
    {#- Before a run, and after it once more: the view of what checks have found, over the files of all runs. -#}
    {%- if not execute -%}{{ return('') }}{%- endif -%}
    {{ adapter.dispatch('register_checks', 'bcbv')() }}
{% endmacro %}


{% macro duckdb__register_checks() %}
    {{ duckdb_register_files('audit', 'audit', 'build_*.parquet') }}
{% endmacro %}


{% macro duckdb_register_files(source_name, folder, names) %}
    {#-
        A view, in the schema of the source's name, of each of its tables over the files of a folder of the home. A file
        of an older version may lack a column, one of a newer version have more; without a file the view is empty.
    -#}
    {%- set pattern = text_literal(file_pattern(duckdb_home() ~ '/' ~ folder) ~ '/' ~ names) -%}
    {%- set n_files = run_query('select count(*) from glob(' ~ pattern ~ ')').columns[0].values()[0] -%}
    {%- do run_query('create schema if not exists ' ~ source_name) -%}
    {%- for node in graph.sources.values() if node.source_name == source_name -%}
        {%- set nothing, columns = [], [] -%}
        {%- for column in node.columns.values() -%}
            {%- do nothing.append('null::' ~ column.data_type ~ ' as ' ~ column.name) -%}
            {%- do columns.append(column.name) -%}
        {%- endfor -%}
        {%- set view -%}
            create or replace view {{ source_name }}.{{ node.identifier }} as
            select {{ columns | join(', ') }}
            from (
                select {{ nothing | join(', ') }} where false
                {%- if n_files %}
                union all by name
                select * from read_parquet({{ pattern }}, union_by_name = true, hive_partitioning = false)
                {%- endif %}
            ) as files
        {%- endset -%}
        {%- do run_query(view) -%}
    {%- endfor -%}
{% endmacro %}


{% macro write_checks(query) %}
    {#- Keep the rows of a query as this run's file of the home's audit folder: whole, or not at all. -#}
    {{ adapter.dispatch('write_checks', 'bcbv')(query) }}
{% endmacro %}


{% macro duckdb__write_checks(query) %}
    {#- The engine writes under a name that the view does not read, and renames the file when it is whole. -#}
    {%- set file = duckdb_home() ~ '/audit/build_' ~ run_started_at.strftime('%Y%m%dT%H%M%S') ~ '_' ~ invocation_id
        ~ '.parquet' -%}
    {%- do run_query(
        'copy (' ~ query ~ ') to ' ~ text_literal(file)
        ~ ' (format parquet, compression zstd, use_tmp_file true)'
    ) -%}
{% endmacro %}


{% macro register_ledger() %}
    {#- Before a run: the view of what releases have said, over the files that publishing has left (Rulebook 9.15). -#}
    {%- if not execute -%}{{ return('') }}{%- endif -%}
    {{ adapter.dispatch('register_ledger', 'bcbv')() }}
{% endmacro %}


{% macro duckdb__register_ledger() %}
    {#- What lies in the folder is looked at before the run, by the plugin in profiles.yml. -#}
    {{ duckdb_register_files('ledger', 'published/ledger', '[0-9]*.parquet') }}
{% endmacro %}


{% macro spark__register_ledger() %}
    {%- do exceptions.raise_compiler_error(
        'the ledger of releases lies in files beside the warehouse of DuckDB; put it where this engine can read it,'
        ~ ' as the view ledger.released_values'
    ) -%}
{% endmacro %}


{% macro duckdb_home() %}
    {#- The folder of all state: the warehouse's, as the plugin in profiles.yml found it. -#}
    {{ return(target.path[:-('/warehouse.duckdb' | length)]) }}
{% endmacro %}


{% macro file_pattern(path) %}
    {#- A path as a pattern of DuckDB that fits nothing but this path. -#}
    {{ return(path | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]')) }}
{% endmacro %}


{% macro parquet_files(paths) %}
    {#- Parquet files as one relation: their names are names, and tell nothing of their rows (`a=b`). -#}
    {%- set literals = [] -%}
    {%- for path in paths -%}
        {%- do literals.append(text_literal(file_pattern(path))) -%}
    {%- endfor -%}
    {{ return('read_parquet([' ~ literals | join(', ') ~ '], union_by_name = true, hive_partitioning = false)') }}
{% endmacro %}
