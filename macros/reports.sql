{% macro indicators_side_by_side(organisation_class) %}
    {#- One row per organisation × quarter, a group of columns an indicator, for people and spreadsheets. -#}
with

indicator_values as (
    select * from {{ ref('fct_indicator_values') }}
    where organisation_class = '{{ organisation_class }}'
),

indicators as (
    select indicator_id, short_name from {{ ref('dim_indicator') }}
),

organisations as (
    select organisation_code, organisation_name, sha_code from {{ ref('dim_organisation') }}
),

final as (
    select
        indicator_values.organisation_code,
        organisations.organisation_name,
        organisations.sha_code,
        indicator_values.quarter,
        indicator_values.organisation_type,
        {% for short_name in computed_indicators(organisation_class) -%}
            {%- for measure, alias in [
                ('value', 'value'), ('national_rank', 'rank'), ('quartile', 'quartile'),
                ('publication_status', 'status'), ('opportunity_annual_gbp', 'opportunity_annual_gbp'),
            ] -%}
                max(case when indicators.short_name = '{{ short_name }}' then indicator_values.{{ measure }} end)
                    as {{ short_name }}_{{ alias }}{{ ',' if not loop.last }}
            {% endfor -%}
            {{ ',' if not loop.last }}
        {% endfor %}
    from indicator_values
    inner join indicators
        on indicator_values.indicator_id = indicators.indicator_id
    left join organisations
        on indicator_values.organisation_code = organisations.organisation_code
    group by
        indicator_values.organisation_code,
        organisations.organisation_name,
        organisations.sha_code,
        indicator_values.quarter,
        indicator_values.organisation_type
)

select * from final
{% endmacro %}
