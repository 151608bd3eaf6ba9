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


{% macro report_indicators(organisation_class) %}
    {#-
        Short names of the indicators of a class, in the order of its report; assert_reports_repeat_the_values holds them
        to the registry.
    -#}
    {{ return({
        'trust': [
            'length_of_stay', 'pre_op_bed_days', 'day_case_rate', 'sickness_absence',
            'staff_turnover', 'agency_spend', 'cash_flow', 'better_payment', 'income_expenditure',
            'framework_procurement', 'follow_up_ratio', 'dna_rate', 'emergency_readmission',
        ],
        'pct': [
            'surgical_thresholds', 'emergency_admissions', 'outpatient_referrals',
            'low_cost_statins', 'cash_flow', 'better_payment', 'income_expenditure',
            'framework_procurement', 'ace_inhibitor_share', 'low_cost_ppi', 'clopidogrel_volume',
        ],
    }[organisation_class]) }}
{% endmacro %}


{% macro report(organisation_class, relation, publication_status='publication_status') -%}
    {#-
        CTEs, the last of them `report`: one row per organisation and quarter, a group of columns an indicator. relation:
        fct_indicator_values, or what is published of it. publication_status: SQL of an indicator's status.
    -#}
    {%- set short_names = report_indicators(organisation_class) -%}
indicator_values as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_type,
        value,
        national_rank,
        quartile,
        {{ publication_status }} as publication_status,
        opportunity_annual_gbp
    from {{ relation }}
    where organisation_class = '{{ organisation_class }}'
),

indicators as (
    select
        indicator_id,
        short_name
    from {{ ref('dim_indicator') }}
),

organisations as (
    select
        organisation_code,
        organisation_name,
        sha_code
    from {{ ref('dim_organisation') }}
),

results as (
    select
        indicator_values.*,
        indicators.short_name
    from indicator_values
    inner join indicators
        on indicator_values.indicator_id = indicators.indicator_id
),

side_by_side as (
    select
        results.organisation_code,
        results.quarter,
        results.organisation_type,
        {% for short_name in short_names -%}
            {{ report_columns(short_name) }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from results
    group by results.organisation_code, results.quarter, results.organisation_type
),

report as (
    select
        side_by_side.*,
        organisations.organisation_name,
        organisations.sha_code
    from side_by_side
    left join organisations
        on side_by_side.organisation_code = organisations.organisation_code
)
{%- endmacro %}
