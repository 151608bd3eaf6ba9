with

intervals as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        interval_method,
        value_scale,
        is_eligible_for_benchmark,
        transformed_value,
        transformed_standard_error
    from {{ ref('int_indicator_intervals') }}
    where transformed_value is not null and transformed_standard_error is not null
),

funnels as (
    select
        indicator_id,
        quarter,
        organisation_class,
        funnel_target,
        shrinkage_tau2
    from {{ ref('int_funnel_groups') }}
),

results as (
    select
        indicator_id,
        organisation_code,
        quarter,
        direction,
        volume,
        volume_limit,
        unit_price_gbp
    from {{ ref('int_indicators_benchmarked') }}
),

indicators as (
    select
        indicator_id,
        benchmark_quantile
    from {{ ref('indicators') }}
),

factors as (
    select {{ parameter('annualisation_factor') }} as annualisation_factor
),

-- Rulebook 9.5: the less of a distance chance explains, the more of it is kept. Nought where
-- organisations do not differ at all.
weighted as (
    select
        intervals.*,
        funnels.funnel_target,
        case
            when funnels.shrinkage_tau2 = 0 then 0.0
            else
                funnels.shrinkage_tau2
                / (
                    funnels.shrinkage_tau2
                    + intervals.transformed_standard_error * intervals.transformed_standard_error
                )
        end as weight
    from intervals
    left join funnels
        on
            intervals.indicator_id = funnels.indicator_id
            and intervals.quarter = funnels.quarter
            and intervals.organisation_class = funnels.organisation_class
),

drawn_in as (
    select
        *,
        funnel_target + weight * (transformed_value - funnel_target) as shrunk_y
    from weighted
),

shrunk as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        is_eligible_for_benchmark,
        {{ on_value_scale('shrunk_y') }} as shrunk_value
    from drawn_in
),

placed as (
    select
        shrunk.indicator_id,
        shrunk.quarter,
        shrunk.organisation_class,
        shrunk.shrunk_value,
        row_number() over peers - 1 as place,
        indicators.benchmark_quantile * (count(*) over everyone - 1) as benchmark_place
    from shrunk
    inner join indicators
        on shrunk.indicator_id = indicators.indicator_id
    where shrunk.is_eligible_for_benchmark and shrunk.shrunk_value is not null
    window
        everyone as (
            partition by shrunk.indicator_id, shrunk.quarter, shrunk.organisation_class
        ),
        peers as (
            partition by shrunk.indicator_id, shrunk.quarter, shrunk.organisation_class
            order by shrunk.shrunk_value
        )
),

benchmarks as (
    select
        indicator_id,
        quarter,
        organisation_class,
        {{ value_at_place('shrunk_value', 'place', 'benchmark_place') }} as shrunk_benchmark_value
    from placed
    group by indicator_id, quarter, organisation_class
),

compared as (
    select
        shrunk.indicator_id,
        shrunk.organisation_code,
        shrunk.quarter,
        shrunk.organisation_class,
        shrunk.shrunk_value,
        benchmarks.shrunk_benchmark_value,
        results.volume,
        results.volume_limit,
        results.unit_price_gbp,
        factors.annualisation_factor,
        {{ distance_to(
            'shrunk.shrunk_value', 'benchmarks.shrunk_benchmark_value', 'results.direction'
        ) }} as distance
    from shrunk
    inner join results
        on
            shrunk.indicator_id = results.indicator_id
            and shrunk.organisation_code = results.organisation_code
            and shrunk.quarter = results.quarter
    left join benchmarks
        on
            shrunk.indicator_id = benchmarks.indicator_id
            and shrunk.quarter = benchmarks.quarter
            and shrunk.organisation_class = benchmarks.organisation_class
    cross join factors
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        shrunk_value,
        shrunk_benchmark_value,
        {{ annual_opportunity(
            'distance', 'volume', 'volume_limit', 'unit_price_gbp', 'annualisation_factor'
        ) }} as opportunity_annual_shrunk_gbp
    from compared
)

select * from final
