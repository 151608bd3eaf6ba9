{#-
    What publish needs to know of the warehouse: every run that may change it leaves a row in audit.builds from
    its first moment and another at its end (rows are only ever added), and a whole build that went well leaves
    in audit.build_tables what it made of every table that publishing reads. Publish takes the last whole build if nothing
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
        ~ 'invocation ' ~ type_string() ~ ', code_version ' ~ type_string() ~ ')'
    ) -%}
    {#- A warehouse that was first built before these were kept. Queries as plain as this one commit by
        themselves; the adapter's methods begin a transaction that nothing ends. -#}
    {%- set present = run_query('describe audit.builds').columns[0].values() | list -%}
    {%- for column in ['invocation', 'code_version'] if column not in present -%}
        {%- do run_query('alter table audit.builds add column ' ~ column ~ ' ' ~ type_string()) -%}
    {%- endfor -%}
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


{% macro record_checks(results) %}
    {#-
        After a run, whole or in part: what came of each model, data test and unit test, how each submission's profile
        was judged, and the worst that each rule found, passing ones too, as one file of the home's audit folder
        (Rulebook 8.10). Not of a run on no rows, or on some.
    -#}
    {%- if not runs_are_recorded() or invocation_args_dict.get('empty') or invocation_args_dict.get('sample') -%}
        {{ return('') }}
    {%- endif -%}
    {%- set rows = check_rows(results) -%}
    {%- if rows -%}
        {%- set columns = 'kind, name, status, n_failures, execution_s' -%}
        {%- set query -%}
            select
                '{{ invocation_id }}' as build_id,
                {{ timestamp_literal(run_started_at) }} as built_at,
                {{ "date '" ~ as_at() ~ "'" if as_at() else 'cast(null as date)' }} as as_at,
                kind,
                name,
                status,
                cast(n_failures as bigint) as n_failures,
                cast(execution_s as double) as execution_s
            from (
                select {{ columns }} from (values {{ rows | join(', ') }}) as checks({{ columns }})
                union all
                {{ profile_checks() }}
                {{ rule_checks() }}
            ) as checks
            order by kind, name
        {%- endset -%}
        {%- do write_checks(query) -%}
        {%- do register_checks() -%}
    {%- endif -%}
{% endmacro %}


{% macro check_rows(results) %}
    {#- Rows of SQL values, one a model, data test and unit test that dbt has a result of. -#}
    {%- set kinds = {'model': 'model', 'test': 'data_test', 'unit_test': 'unit_test'} -%}
    {%- set rows = [] -%}
    {%- for result in results if result.node.resource_type in kinds -%}
        {#- Two models may have unit tests of one name. -#}
        {%- set name = result.node.unique_id.split('.', 2)[2]
            if result.node.resource_type == 'unit_test' else result.node.name -%}
        {%- do rows.append(
            "('" ~ kinds[result.node.resource_type] ~ "', " ~ text_literal(name)
            ~ ", '" ~ result.status ~ "', " ~ ('null' if result.failures is none else result.failures)
            ~ ', ' ~ '%.6f' | format(result.execution_time or 0) ~ ')'
        ) -%}
    {%- endfor -%}
    {{ return(rows) }}
{% endmacro %}


{% macro profile_checks() -%}
    {#- Query of the profiles of the submissions that count as at the build. -#}
    select
        'profile' as kind,
        submission_id as name,
        case when profile_verdict = 'passed' then 'pass' else 'fail' end as status,
        coalesce(length(profile_failures) - length(replace(profile_failures, chr(10), '')) + 1, 0) as n_failures,
        null as execution_s
    from {{ manifest_relation() }}
    {{ "where extract_date <= date '" ~ as_at() ~ "'" if as_at() }}
{%- endmacro %}


{% macro manifest_relation() %}
    {#- The manifest of the lake, as it is read in this run. -#}
    {%- set node = feed_contract('submissions') -%}
    {{ return(api.Relation.create(database=target.database, schema=node.schema, identifier=node.identifier)) }}
{% endmacro %}


{% macro rule_checks() -%}
    {#-
        Query, after a `union all`, of the worst outcome that each rule has of a feed, and how often it is red or amber;
        what was judged goes before what was not. Nothing where the warehouse has no results of rules.
    -#}
    {%- set node = graph.nodes.get('model.' ~ project_name ~ '.dq_rule_results') -%}
    {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) if node else none -%}
    {%- if relation -%}
    union all
    select
        'rule' as kind,
        rule_id || ' ' || feed as name,
        case
            {%- for outcome in ['red', 'amber', 'green', 'unusable', 'not_evaluated'] %}
            when bool_or(outcome = '{{ outcome }}') then '{{ outcome }}'
            {%- endfor %}
            else 'not_submitted'
        end as status,
        count(*) filter (where outcome in ('red', 'amber')) as n_failures,
        null as execution_s
    from {{ relation }}
    group by rule_id, feed
    {%- endif -%}
{%- endmacro %}


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
        ~ '(invocation_id, started_at, ended_at, command, is_full, as_at, n_failures, invocation, code_version) values ('
        ~ "'" ~ invocation_id ~ "', " ~ timestamp_literal(run_started_at) ~ ', ' ~ ended_at
        ~ ", '" ~ flags.WHICH ~ "', " ~ is_full ~ ', '
        ~ ("date '" ~ as_at() ~ "'" if as_at() else 'null') ~ ', ' ~ n_failures
        ~ ', ' ~ text_literal(words) ~ ', ' ~ code_version() ~ ')'
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
    {#-
        The relations that the exposures of the two kinds of release name, and the rows that a release adds to its
        ledger. A table has one name in all schemas, so that its name tells it from the others.
    -#}
    {%- set named = [] -%}
    {%- for exposure in graph.exposures.values() if exposure.name in ('published_release', 'internal_release') -%}
        {%- do named.extend(exposure.depends_on.nodes + ['model.' ~ project_name ~ '.int_ledger_rows']) -%}
    {%- endfor -%}
    {%- set relations = [] -%}
    {%- for unique_id in named | unique | sort -%}
        {%- set node = graph.nodes[unique_id] -%}
        {%- do relations.append(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) -%}
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
