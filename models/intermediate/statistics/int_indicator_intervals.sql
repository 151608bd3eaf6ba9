with

measures as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        direction,
        is_eligible_for_benchmark,
        numerator,
        denominator,
        expected,
        value,
        benchmark_value,
        volume,
        volume_limit,
        unit_price_gbp
    from {{ ref('int_indicators_benchmarked') }}
),

value_limits as (
    select * from {{ ref('int_value_limits') }}
),

parameters as (
    select {{ parameter('annualisation_factor') }} as annualisation_factor
),

sided as (
    select
        measures.*,
        value_limits.interval_method,
        value_limits.value_scale,
        value_limits.design_effect,
        value_limits.reference_rate,
        value_limits.value_lower_95,
        value_limits.value_upper_95,
        value_limits.value_lower_998,
        value_limits.value_upper_998,
        value_limits.transformed_value,
        value_limits.transformed_standard_error,
        case measures.direction
            when 'lower' then value_limits.value_lower_95
            when 'higher' then value_limits.value_upper_95
        end as better_limit_95,
        case measures.direction
            when 'lower' then value_limits.value_upper_95
            when 'higher' then value_limits.value_lower_95
        end as worse_limit_95
    from measures
    inner join value_limits
        on
            measures.indicator_id = value_limits.indicator_id
            and measures.organisation_code = value_limits.organisation_code
            and measures.quarter = value_limits.quarter
),

-- Rulebook 9.6: the better limit makes the least of the pounds, the worse one the most; the
-- benchmark stays.
distances as (
    select
        *,
        {{ distance_to('better_limit_95', 'benchmark_value') }} as better_distance,
        {{ distance_to('worse_limit_95', 'benchmark_value') }} as worse_distance,
        {{ distance_to(
            comparable('better_limit_95'), comparable('benchmark_value')
        ) }} > 0 as is_distinguishable
    from sided
),

final as (
    select
        distances.indicator_id,
        distances.organisation_code,
        distances.quarter,
        distances.organisation_class,
        distances.interval_method,
        distances.direction,
        distances.is_eligible_for_benchmark,
        distances.numerator,
        distances.denominator,
        distances.expected,
        distances.value,
        distances.value_scale,
        distances.design_effect,
        distances.reference_rate,
        distances.value_lower_95,
        distances.value_upper_95,
        distances.value_lower_998,
        distances.value_upper_998,
        distances.transformed_value,
        distances.transformed_standard_error,
        {% for side, distance in [('lower', 'better'), ('upper', 'worse')] -%}
            {{ annual_opportunity(
                'distances.' ~ distance ~ '_distance', 'distances.volume', 'distances.volume_limit',
                'distances.unit_price_gbp', 'parameters.annualisation_factor'
            ) }} as opportunity_annual_{{ side }}_gbp,
        {% endfor -%}
        distances.is_distinguishable
    from distances
    cross join parameters
)

select * from final
