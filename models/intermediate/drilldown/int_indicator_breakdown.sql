with

items as (
    select * from {{ ref('int_standardised_items') }}
),

results as (
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

item_names as (
    select
        'surgical_thresholds' as short_name,
        procedure_id as item_id,
        procedure_name as item_name
    from {{ ref('procedure_groups') }}
    where group_id = 'surgical_threshold'
    union all
    select distinct
        'emergency_admissions' as short_name,
        reported_as as item_id,
        condition_name as item_name
    from {{ ref('acsc_conditions') }}
),

compared as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        items.item_id,
        coalesce(item_names.item_name, 'Treatment function ' || items.item_id) as item_name,
        items.observed,
        items.expected,
        items.observed - items.expected * results.benchmark_value / 100 as item_excess_units,
        results.excess_units,
        results.unit_price_gbp
    from items
    inner join results
        on
            items.short_name = results.short_name
            and items.organisation_code = results.organisation_code
            and items.quarter = results.quarter
    left join item_names
        on items.short_name = item_names.short_name and items.item_id = item_names.item_id
),

final as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        results.item_id,
        results.item_name,
        results.observed,
        results.expected,
        100.0 * results.observed / nullif(results.expected, 0) as value,
        results.item_excess_units as excess_units,
        {{ shared_opportunity('results.item_excess_units') }} as opportunity_annual_gbp
    from compared as results
)

select * from final
