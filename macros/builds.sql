{#-
    Every run that changes the warehouse leaves a row in audit.builds, from its first moment: publish refuses
    a warehouse in which something failed, or broke off, since the last build of everything that went well.
-#}

{% macro record_start() %}
    {#- Before a run: a row without a count of failures, which stays so where the run is killed. -#}
    {%- if not execute or flags.WHICH not in ('build', 'run', 'test', 'seed') -%}{{ return('') }}{%- endif -%}
    {%- set args = invocation_args_dict -%}
    {%- set is_full = flags.WHICH == 'build' and not (
        args.get('select') or args.get('exclude') or args.get('selector')
        or args.get('resource_types') or args.get('exclude_resource_types')
    ) -%}
    {%- do run_query('create schema if not exists audit') -%}
    {%- do run_query(
        'create table if not exists audit.builds (invocation_id varchar, started_at timestamp, '
        ~ 'ended_at timestamp, command varchar, is_full boolean, as_at date, n_failures integer)'
    ) -%}
    {%- do run_query(
        "insert into audit.builds values ('" ~ invocation_id ~ "', timestamp '"
        ~ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') ~ "', null, '" ~ flags.WHICH ~ "', " ~ is_full
        ~ ', ' ~ ("date '" ~ var('as_at') ~ "'" if var('as_at') else 'null') ~ ', null)'
    ) -%}
{% endmacro %}


{% macro record_end(results) %}
    {#- After a run: when it ended, and how many models, seeds and tests failed. -#}
    {%- if not execute or flags.WHICH not in ('build', 'run', 'test', 'seed') -%}{{ return('') }}{%- endif -%}
    {%- set failures = results | selectattr('status', 'in', ['error', 'fail', 'runtime error']) | list -%}
    {%- do run_query(
        "update audit.builds set ended_at = timestamp '"
        ~ modules.datetime.datetime.now(modules.pytz.utc).strftime('%Y-%m-%d %H:%M:%S.%f')
        ~ "', n_failures = " ~ failures | length ~ " where invocation_id = '" ~ invocation_id ~ "'"
    ) -%}
{% endmacro %}
