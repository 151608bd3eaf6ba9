{% macro record_build(results) %}
    {#-
        After a run: what was built, with what result. publish refuses a warehouse whose last build of
        everything failed, or in which something failed since.
    -#}
    {%- if not execute or flags.WHICH not in ('build', 'run', 'test', 'seed') -%}{{ return('') }}{%- endif -%}
    {%- set failures = results | selectattr('status', 'in', ['error', 'fail', 'runtime error']) | list -%}
    {%- set args = invocation_args_dict -%}
    {%- set is_full = flags.WHICH == 'build' and not (
        args.get('select') or args.get('exclude') or args.get('selector') or args.get('resource_types')
    ) -%}
    {%- do run_query('create schema if not exists audit') -%}
    {%- do run_query(
        'create table if not exists audit.builds (invocation_id varchar, built_at timestamp, '
        ~ 'command varchar, is_full boolean, as_at date, n_results integer, n_failures integer)'
    ) -%}
    {%- do run_query(
        "insert into audit.builds values ('" ~ invocation_id ~ "', timestamp '"
        ~ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') ~ "', '" ~ flags.WHICH ~ "', " ~ is_full ~ ', '
        ~ ("date '" ~ var('as_at') ~ "'" if var('as_at') else 'null') ~ ', ' ~ results | length ~ ', '
        ~ failures | length ~ ')'
    ) -%}
{% endmacro %}
