{% macro days_between(first_date, last_date) %}
    {#- Whole days (midnights) from the first date to the last. -#}
    {{ return(adapter.dispatch('days_between', 'bcbv')(first_date, last_date)) }}
{% endmacro %}

{% macro duckdb__days_between(first_date, last_date) -%}
    date_diff('day', {{ first_date }}, {{ last_date }})
{%- endmacro %}

{% macro spark__days_between(first_date, last_date) -%}
    datediff({{ last_date }}, {{ first_date }})
{%- endmacro %}


{% macro each_step(first_date, last_date, months=1) %}
    {#- One row per month (or step of several months) from the first date to the last. -#}
    {{ return(adapter.dispatch('each_step', 'bcbv')(first_date, last_date, months)) }}
{% endmacro %}

{% macro duckdb__each_step(first_date, last_date, months) -%}
    cast(unnest(generate_series({{ first_date }}, {{ last_date }}, interval '{{ months }}' month)) as date)
{%- endmacro %}

{% macro spark__each_step(first_date, last_date, months) -%}
    explode(sequence({{ first_date }}, {{ last_date }}, interval '{{ months }}' month))
{%- endmacro %}


{% macro each_day(first_date, last_date) %}
    {#- One row per day from the first date to the last. -#}
    {{ return(adapter.dispatch('each_day', 'bcbv')(first_date, last_date)) }}
{% endmacro %}

{% macro duckdb__each_day(first_date, last_date) -%}
    cast(unnest(generate_series({{ first_date }}, {{ last_date }}, interval '1' day)) as date)
{%- endmacro %}

{% macro spark__each_day(first_date, last_date) -%}
    explode(sequence({{ first_date }}, {{ last_date }}, interval '1' day))
{%- endmacro %}


{% macro month_start(date) -%}
    cast(date_trunc('month', {{ date }}) as date)
{%- endmacro %}


{% macro quarter_start(date) -%}
    {#- Quarters of the NHS financial year are calendar quarters, counted from April. -#}
    cast(date_trunc('quarter', {{ date }}) as date)
{%- endmacro %}


{% macro financial_year(date) -%}
    {#- April to March: '2006-07'. -#}
    (year({{ date }} - interval '3' month) || '-'
    || lpad(cast((year({{ date }} - interval '3' month) + 1) % 100 as varchar(2)), 2, '0'))
{%- endmacro %}


{% macro nhs_quarter(date) -%}
    {#- Quarter of the NHS financial year: '2006-07 Q1' is April to June 2006. -#}
    ({{ financial_year(date) }} || ' Q' || quarter({{ date }} - interval '3' month))
{%- endmacro %}


{% macro first_day_of_quarter(quarter) -%}
    {#- The date on which a quarter begins ('2006-07 Q4': 1 January 2007), for tools that plot by date. -#}
    cast(
        case substr({{ quarter }}, 10, 1)
            when '1' then substr({{ quarter }}, 1, 4) || '-04-01'
            when '2' then substr({{ quarter }}, 1, 4) || '-07-01'
            when '3' then substr({{ quarter }}, 1, 4) || '-10-01'
            when '4' then cast(cast(substr({{ quarter }}, 1, 4) as integer) + 1 as varchar(4)) || '-01-01'
        end as date
    )
{%- endmacro %}
