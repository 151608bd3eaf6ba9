{#-
    What publish needs to know of the warehouse: every run that may change it leaves a row in audit.builds from
    its first moment and another at its end (rows are only ever added), and a whole build that went well leaves
    in audit.build_tables what it made of every published table. Publish takes the last whole build if nothing
    ran since but tests that passed, and if the tables are still those.

    A command without hooks (run-operation, clone) leaves no row: what it changed shows in the tables alone.
-#}

{% macro record_start() %}
    {#- Before a run: a row without an end, which stays alone where the run is killed. -#}
    {%- if not runs_are_recorded() -%}{{ return('') }}{%- endif -%}
    {%- do run_query('create schema if not exists audit') -%}
    {%- do run_query(
        'create table if not exists audit.builds (invocation_id ' ~ type_string() ~ ', started_at timestamp, '
        ~ 'ended_at timestamp, command ' ~ type_string() ~ ', is_full boolean, as_at date, n_failures integer, '
        ~ 'invocation ' ~ type_string() ~ ')'
    ) -%}
    {#- A warehouse that was first built before `invocation` was kept. Queries as plain as this one commit by
        themselves; the adapter's methods begin a transaction that nothing ends. -#}
    {%- if 'invocation' not in run_query('describe audit.builds').columns[0].values() -%}
        {%- do run_query('alter table audit.builds add column invocation ' ~ type_string()) -%}
    {%- endif -%}
    {%- do run_query(
        'create table if not exists audit.build_tables (invocation_id ' ~ type_string() ~ ', table_name '
        ~ type_string() ~ ', n_rows bigint, checksum ' ~ type_string() ~ ')'
    ) -%}
    {%- do record_build('null', false, 'null') -%}
{% endmacro %}


{% macro record_end(results) %}
    {#- After a run: how many nodes failed, whether it was a whole build, and what it left to be published. -#}
    {%- if not runs_are_recorded() -%}{{ return('') }}{%- endif -%}
    {%- set good = ['success', 'pass', 'warn', 'no-op'] -%}
    {%- set n_failures = results | rejectattr('status', 'in', good + ['skipped']) | list | length -%}
    {%- set is_full = n_failures == 0
        and is_whole_build(results | selectattr('status', 'in', good) | map(attribute='node.unique_id') | list) -%}
    {%- set tables = published_tables() -%}
    {%- if is_full and tables -%}
        {#- One view says what a table's checksum is, for this macro and for publish. -#}
        {%- do run_query('create or replace view audit.published_tables as ' ~ checksums_of(tables)) -%}
        {%- do run_query(
            "insert into audit.build_tables select '" ~ invocation_id ~ "', table_name, n_rows, checksum "
            ~ 'from audit.published_tables'
        ) -%}
    {%- endif -%}
    {%- set ended_at = modules.datetime.datetime.now(modules.pytz.utc) -%}
    {%- do record_build(timestamp_literal(ended_at), is_full, n_failures) -%}
{% endmacro %}


{% macro runs_are_recorded() %}
    {#- Whether the command is one that runs hooks and may change tables, or judges them. -#}
    {{ return(execute and flags.WHICH in ('build', 'run', 'seed', 'snapshot', 'test', 'retry')) }}
{% endmacro %}


{% macro record_build(ended_at, is_full, n_failures) %}
    {#- Add a row on this invocation to audit.builds. The words of the command are those of the process, which
        are another program's where that runs dbt. -#}
    {%- set words = invocation_args_dict.get('invocation_command', '') -%}
    {%- if (words.split() | select('in', ['retry', flags.WHICH]) | list) == [] -%}
        {%- set words = 'dbt ' ~ flags.WHICH -%}
    {%- endif -%}
    {%- do run_query(
        'insert into audit.builds '
        ~ '(invocation_id, started_at, ended_at, command, is_full, as_at, n_failures, invocation) values ('
        ~ "'" ~ invocation_id ~ "', " ~ timestamp_literal(run_started_at) ~ ', ' ~ ended_at
        ~ ", '" ~ flags.WHICH ~ "', " ~ is_full ~ ', '
        ~ ("date '" ~ as_at() ~ "'" if as_at() else 'null') ~ ', ' ~ n_failures
        ~ ', ' ~ text_literal(words) ~ ')'
    ) -%}
{% endmacro %}


{% macro is_whole_build(done) %}
    {#-
        Whether this is a build in which every model, seed, snapshot and data test of the project did well, on
        all rows. Judged by what was done, not by the options: there are many that leave something out. Unit
        tests may be left out: they test code, not data.
    -#}
    {%- set needed = graph.nodes.values()
        | selectattr('resource_type', 'in', ['model', 'seed', 'snapshot', 'test'])
        | rejectattr('config.materialized', 'equalto', 'ephemeral')
        | map(attribute='unique_id') | reject('in', done) | list -%}
    {{ return(flags.WHICH == 'build' and not needed
        and not invocation_args_dict.get('empty') and not invocation_args_dict.get('sample')) }}
{% endmacro %}


{% macro published_tables() %}
    {#- The relations that the exposure of what is published names. -#}
    {%- set relations = [] -%}
    {%- for exposure in graph.exposures.values() if exposure.name == 'published_release' -%}
        {%- for unique_id in exposure.depends_on.nodes | sort -%}
            {%- set node = graph.nodes[unique_id] -%}
            {%- do relations.append(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(relations) }}
{% endmacro %}


{% macro checksums_of(tables) -%}
    {#- Query of name, number of rows and checksum of each table. -#}
    {%- for table in tables %}
        select '{{ table.identifier }}' as table_name, count(*) as n_rows, {{ checksum('this_table') }} as checksum
        from {{ table }} as this_table
        {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{% macro timestamp_literal(moment) -%}
    {#- A moment as SQL, without its time zone, which is UTC. -#}
    timestamp '{{ moment.strftime('%Y-%m-%d %H:%M:%S.%f') }}'
{%- endmacro %}
