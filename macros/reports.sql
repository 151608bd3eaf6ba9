{% macro report_columns(short_name) -%}
    {#- An indicator's group of columns in a report table, one row per organisation and quarter, from results. -#}
    max(results.value) filter (where results.short_name = '{{ short_name }}')
        as {{ short_name }}_value,
    max(results.national_rank) filter (where results.short_name = '{{ short_name }}')
        as {{ short_name }}_rank,
    max(results.quartile) filter (where results.short_name = '{{ short_name }}')
        as {{ short_name }}_quartile,
    max(results.publication_status) filter (where results.short_name = '{{ short_name }}')
        as {{ short_name }}_status,
    max(results.opportunity_annual_gbp) filter (where results.short_name = '{{ short_name }}')
        as {{ short_name }}_opportunity_annual_gbp
{%- endmacro %}
