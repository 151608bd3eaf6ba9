{% set ends = [('from', 'from_quarter'), ('to', 'quarter')] -%}
with

settings as (
    select
        {{ parameter('annualisation_factor') }} as annualisation_factor,
        {{ text_parameter('base_quarter') }} as base_quarter
),

results as (
    select
        indicator_id,
        organisation_code,
        organisation_class,
        sha_code,
        quarter,
        direction,
        value,
        benchmark_value,
        distance,
        volume,
        volume_limit,
        unit_price_gbp,
        opportunity_annual_gbp
    from {{ ref('int_indicators_benchmarked') }}
),

indicators as (
    select
        indicator_id,
        area_class,
        in_published_total,
        published_from_quarter
    from {{ ref('indicators') }}
),

open_organisations as (
    select
        organisation_code,
        quarter
    from {{ ref('int_open_organisations') }}
),

-- Rulebook 9.13: a quarter is held against the one before and against the base quarter.
comparisons as (
    select
        quarter,
        'previous' as comparison,
        previous_quarter as from_quarter
    from {{ ref('int_quarters') }}
    union all
    select
        quarters.quarter,
        'base' as comparison,
        settings.base_quarter as from_quarter
    from {{ ref('int_quarters') }} as quarters
    cross join settings
    where quarters.quarter > settings.base_quarter
),

indicator_quarters as (
    select distinct
        indicator_id,
        quarter
    from results
),

-- Which ends of a comparison have rows of the indicator, and at which it is in the published total.
scopes as (
    select
        indicators.indicator_id,
        indicators.area_class,
        comparisons.quarter,
        comparisons.comparison,
        comparisons.from_quarter,
        from_quarters.quarter is not null as has_from_rows,
        to_quarters.quarter is not null as has_to_rows,
        {% for end, quarter in ends -%}
            {{ is_in_published_total('comparisons.' ~ quarter) }} as is_in_{{ end }}_total
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from indicators
    cross join comparisons
    left join indicator_quarters as from_quarters
        on
            indicators.indicator_id = from_quarters.indicator_id
            and comparisons.from_quarter = from_quarters.quarter
    left join indicator_quarters as to_quarters
        on
            indicators.indicator_id = to_quarters.indicator_id
            and comparisons.quarter = to_quarters.quarter
),

judged as (
    select
        *,
        has_from_rows and has_to_rows as is_indicator_compared,
        bool_or(has_from_rows and is_in_from_total) over (partition by quarter, comparison)
        and bool_or(has_to_rows and is_in_to_total) over (partition by quarter, comparison)
        and (is_in_from_total or is_in_to_total) as is_total_compared
    from scopes
),

compared as (
    select * from judged
    where is_indicator_compared or is_total_compared
),

-- One row a comparison and end with pounds; the two ends stand side by side in the next step.
{% for end, quarter in ends -%}
    {{ end }}_results as (
        select
            compared.quarter as to_quarter,
            compared.comparison,
            results.*
        from compared
        inner join results
            on
                compared.indicator_id = results.indicator_id
                and compared.{{ quarter }} = results.quarter
        where results.opportunity_annual_gbp is not null
    ),
{% endfor %}
paired as (
    select
        {% for column in [
            'indicator_id', 'organisation_code', 'organisation_class', 'sha_code', 'direction',
            'to_quarter', 'comparison'
        ] -%}
            coalesce(to_results.{{ column }}, from_results.{{ column }}) as {{ column }},
        {% endfor -%}
        from_results.volume as from_volume,
        from_results.volume_limit as from_limit,
        from_results.unit_price_gbp as from_price_gbp,
        to_results.distance as to_distance,
        to_results.volume as to_volume,
        to_results.volume_limit as to_limit,
        from_results.opportunity_annual_gbp as opportunity_from_gbp,
        to_results.opportunity_annual_gbp as opportunity_to_gbp,
        {{ distance_to(
            'to_results.value', 'from_results.benchmark_value', 'to_results.direction'
        ) }} as old_distance
    from from_results
    full outer join to_results
        on
            from_results.indicator_id = to_results.indicator_id
            and from_results.organisation_code = to_results.organisation_code
            and from_results.to_quarter = to_results.to_quarter
            and from_results.comparison = to_results.comparison
),

-- The new value against the old standard, then against the new one, then with the new volume;
-- all at the old price. The ends are the engine's own.
stepped as (
    select
        paired.*,
        {{ annual_opportunity(
            'old_distance', 'from_volume', 'from_limit', 'from_price_gbp', 'annualisation_factor'
        ) }} as at_new_value_gbp,
        {{ annual_opportunity(
            'to_distance', 'from_volume', 'from_limit', 'from_price_gbp', 'annualisation_factor'
        ) }} as at_new_benchmark_gbp,
        {{ annual_opportunity(
            'to_distance', 'to_volume', 'to_limit', 'from_price_gbp', 'annualisation_factor'
        ) }} as at_new_volume_gbp
    from paired
    cross join settings
),

levels as (
    select
        compared.indicator_id,
        stepped.organisation_code,
        stepped.sha_code,
        stepped.organisation_class = compared.area_class as counts_for_areas,
        compared.quarter,
        compared.comparison,
        compared.from_quarter,
        compared.is_indicator_compared,
        compared.is_total_compared,
        compared.is_in_from_total,
        compared.is_in_to_total,
        stepped.opportunity_from_gbp,
        stepped.opportunity_to_gbp,
        stepped.at_new_value_gbp,
        stepped.at_new_benchmark_gbp,
        stepped.at_new_volume_gbp,
        from_open.organisation_code is not null and to_open.organisation_code is not null
            as is_open_throughout
    from stepped
    inner join compared
        on
            stepped.indicator_id = compared.indicator_id
            and stepped.to_quarter = compared.quarter
            and stepped.comparison = compared.comparison
    left join open_organisations as from_open
        on
            stepped.organisation_code = from_open.organisation_code
            and compared.from_quarter = from_open.quarter
    left join open_organisations as to_open
        on
            stepped.organisation_code = to_open.organisation_code
            and compared.quarter = to_open.quarter
),

final as (
    select
        *,
        {{ change_parts() }}
    from levels
)

select * from final
