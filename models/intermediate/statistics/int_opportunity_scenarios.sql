{% set peer_sets = ['sha', 'cluster'] -%}
with

results as (
    select
        indicator_id,
        organisation_code,
        organisation_class,
        quarter,
        direction,
        sha_code,
        cluster,
        publication_status,
        value,
        volume,
        volume_limit,
        unit_price_gbp,
        opportunity_annual_gbp,
        opportunity_annual_at_median_gbp,
        opportunity_annual_at_best_decile_gbp
    from {{ ref('int_indicators_benchmarked') }}
),

indicators as (
    select
        indicator_id,
        area_class,
        in_published_total,
        published_from_quarter,
        counted_within,
        interval_method
    from {{ ref('indicators') }}
),

intervals as (
    select
        indicator_id,
        organisation_code,
        quarter,
        opportunity_annual_lower_gbp,
        opportunity_annual_upper_gbp,
        is_distinguishable
    from {{ ref('int_indicator_intervals') }}
),

shrunk_values as (
    select
        indicator_id,
        organisation_code,
        quarter,
        opportunity_annual_shrunk_gbp
    from {{ ref('int_shrunk_values') }}
),

thresholds as (
    select
        indicator_id,
        quarter,
        organisation_class,
        peer_set,
        peer_code,
        best_quartile_threshold
    from {{ ref('int_peer_thresholds') }}
),

parameters as (
    select {{ parameter('annualisation_factor') }} as annualisation_factor
),

-- Rulebook 2.3 and 4.6: what England's total is made of.
counted as (
    select
        results.*,
        indicators.counted_within,
        indicators.interval_method <> 'none' as has_limits,
        {{ is_in_published_total('results.quarter') }} as is_in_total
    from results
    inner join indicators
        on
            results.indicator_id = indicators.indicator_id
            and results.organisation_class = indicators.area_class
),

-- Rulebook 9.17: by its own code, so that who sets no benchmark is held to one, as to England's.
distances as (
    select
        counted.*,
        {% for peer_set in peer_sets -%}
            {{ distance_to(
                'counted.value', peer_set ~ '_thresholds.best_quartile_threshold',
                'counted.direction'
            ) }} as {{ peer_set }}_distance
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from counted
    {% for peer_set, code in [('sha', 'sha_code'), ('cluster', 'cluster')] -%}
        left join thresholds as {{ peer_set }}_thresholds
            on
                counted.indicator_id = {{ peer_set }}_thresholds.indicator_id
                and counted.quarter = {{ peer_set }}_thresholds.quarter
                and counted.organisation_class = {{ peer_set }}_thresholds.organisation_class
                and {{ peer_set }}_thresholds.peer_set = '{{ peer_set }}'
                and counted.{{ code }} = {{ peer_set }}_thresholds.peer_code
    {% endfor %}
),

-- What is not in a scenario has no pounds there, which is null and not nought.
priced as (
    select
        distances.indicator_id,
        distances.organisation_code,
        distances.quarter,
        distances.has_limits,
        distances.is_in_total,
        distances.opportunity_annual_gbp as as_published_gbp,
        distances.opportunity_annual_at_median_gbp as median_gbp,
        distances.opportunity_annual_at_best_decile_gbp as best_decile_gbp,
        shrunk_values.opportunity_annual_shrunk_gbp as shrunk_gbp,
        case when intervals.is_distinguishable then distances.opportunity_annual_gbp end
            as distinguishable_only_gbp,
        intervals.opportunity_annual_lower_gbp as lower_95_gbp,
        intervals.opportunity_annual_upper_gbp as upper_95_gbp,
        case
            when distances.publication_status = 'published' then distances.opportunity_annual_gbp
        end as unflagged_only_gbp,
        {% for peer_set in peer_sets -%}
            {{ annual_opportunity(
                'distances.' ~ peer_set ~ '_distance', 'distances.volume', 'distances.volume_limit',
                'distances.unit_price_gbp', 'parameters.annualisation_factor'
            ) }} as {{ peer_set }}_benchmark_gbp,
        {% endfor -%}
        case
            when distances.is_in_total and wholes.is_in_total
                then wholes.opportunity_annual_gbp
        end as whole_gbp
    from distances
    cross join parameters
    left join intervals
        on
            distances.indicator_id = intervals.indicator_id
            and distances.organisation_code = intervals.organisation_code
            and distances.quarter = intervals.quarter
    left join shrunk_values
        on
            distances.indicator_id = shrunk_values.indicator_id
            and distances.organisation_code = shrunk_values.organisation_code
            and distances.quarter = shrunk_values.quarter
    left join counted as wholes
        on
            distances.counted_within = wholes.indicator_id
            and distances.organisation_code = wholes.organisation_code
            and distances.quarter = wholes.quarter
),

final as (
    select
        *,
        {{ netted_pounds('as_published_gbp', 'whole_gbp') }} as netted_gbp
    from priced
)

select * from final
