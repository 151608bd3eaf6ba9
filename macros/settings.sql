{% macro check_settings() %}
    {#- Before all else: that the variables given are settings. A misspelt name would build another state than
        was asked for. -#}
    {%- do as_at() -%}
    {%- for name in invocation_args_dict.get('vars', {}) if execute and name != 'as_at' -%}
        {%- do exceptions.raise_compiler_error('--vars: no setting is called ' ~ tojson(name) ~ '; there is as_at') -%}
    {%- endfor -%}
{% endmacro %}


{% macro as_at() %}
    {#-
        The day as at which to build, as text YYYY-MM-DD; none: today, with everything landed. What is no such
        day stops the command while dbt reads the project, before anything runs: taken for no day it would build
        another state than was asked for, and taken as it is it would be SQL.
    -#}
    {%- set value = var('as_at', none) -%}
    {%- if value is none -%}{{ return(none) }}{%- endif -%}
    {%- set day = value | string -%}
    {%- if not modules.re.fullmatch('(19|20)[0-9]{2}-(0[1-9]|1[0-2])-[0-9]{2}', day) or not is_day(day) -%}
        {%- do exceptions.raise_compiler_error(
            'as_at: ' ~ tojson(day) ~ ' is no day; write YYYY-MM-DD, or leave it out for all that has landed') -%}
    {%- endif -%}
    {{ return(day) }}
{% endmacro %}


{% macro is_day(text) %}
    {#- Whether a text of the form YYYY-MM-DD, of a month that there is, names one of its days. -#}
    {%- set year, month, day = text[:4] | int, text[5:7] | int, text[8:] | int -%}
    {%- set next_month = modules.datetime.date(year + month // 12, month % 12 + 1, 1) -%}
    {{ return(1 <= day <= (next_month - modules.datetime.timedelta(days=1)).day) }}
{% endmacro %}


{% macro text_literal(text) %}
    {#- A text as SQL, whatever it holds. -#}
    {{ return("'" ~ dbt.escape_single_quotes(text) ~ "'") }}
{% endmacro %}


{% macro is_of_a_plausible_time() -%}
    {#- Whether a submission declares a period that there can be figures of: from the first year (a parameter)
        to the year after it landed; its extract date no later. -#}
    (
        coalesce(year(period_start_date) >= {{ parameter('first_year') }}, true)
        and coalesce(
            year(greatest(period_end_date, extract_date)) <= year(landed_at) + 1, true
        )
    )
{%- endmacro %}
