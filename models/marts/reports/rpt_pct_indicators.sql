-- The indicators of the class; assert_reports_repeat_the_values holds them to the registry.
{% set short_names = [
    'surgical_thresholds',
    'emergency_admissions',
    'outpatient_referrals',
    'low_cost_statins',
    'cash_flow',
    'better_payment',
    'income_expenditure',
    'framework_procurement',
    'ace_inhibitor_share',
    'low_cost_ppi',
    'clopidogrel_volume',
] -%}
with

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

indicator_values as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_type,
        value,
        national_rank,
        quartile,
        publication_status,
        opportunity_annual_gbp
    from {{ ref('fct_indicator_values') }}
    where organisation_class = 'pct'
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

final as (
    select
        side_by_side.*,
        organisations.organisation_name,
        organisations.sha_code
    from side_by_side
    left join organisations
        on side_by_side.organisation_code = organisations.organisation_code
)

select * from final
