with

standardised_cases as (
    select
        short_name,
        organisation_code,
        quarter,
        case_group,
        observed,
        expected
    from {{ ref('int_standardised_cases') }}
),

benchmarked as (
    select
        indicator_id,
        short_name,
        organisation_code,
        quarter,
        benchmark_value,
        excess_units,
        unit_price_gbp
    from {{ ref('int_indicators_benchmarked') }}
),

procedure_groups as (
    select
        procedure_id,
        procedure_name
    from {{ ref('procedure_groups') }}
    where group_id = 'surgical_threshold'
),

conditions as (
    select
        reported_as,
        condition_name
    from {{ ref('acsc_conditions') }}
),

-- Several rows of the list make up one condition.
names as (
    select
        'surgical_thresholds' as short_name,
        procedure_id as case_group,
        procedure_name as group_name
    from procedure_groups
    union all
    select distinct
        'emergency_admissions' as short_name,
        reported_as as case_group,
        condition_name as group_name
    from conditions
),

compared as (
    select
        benchmarked.indicator_id,
        benchmarked.organisation_code,
        benchmarked.quarter,
        standardised_cases.case_group,
        coalesce(names.group_name, 'Treatment function ' || standardised_cases.case_group)
            as group_name,
        standardised_cases.observed,
        standardised_cases.expected,
        standardised_cases.observed
        - standardised_cases.expected * benchmarked.benchmark_value / 100 as distance_units,
        benchmarked.excess_units,
        benchmarked.unit_price_gbp
    from standardised_cases
    inner join benchmarked
        on
            standardised_cases.short_name = benchmarked.short_name
            and standardised_cases.organisation_code = benchmarked.organisation_code
            and standardised_cases.quarter = benchmarked.quarter
    left join names
        on
            standardised_cases.short_name = names.short_name
            and standardised_cases.case_group = names.case_group
),

final as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        results.case_group as item_id,
        results.group_name as item_name,
        results.observed,
        results.expected,
        100.0 * results.observed / nullif(results.expected, 0) as value,
        results.distance_units as excess_units,
        {{ shared_opportunity('results.distance_units') }} as opportunity_annual_gbp
    from compared as results
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
