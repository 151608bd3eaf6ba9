with

measures as (
    select
        indicator_id,
        short_name,
        organisation_code,
        quarter,
        numerator,
        denominator,
        expected,
        value
    from {{ ref('int_indicators_benchmarked') }}
),

indicators as (
    select
        indicator_id,
        value_scale,
        interval_method,
        design_effect,
        is_standardised
    from {{ ref('indicators') }}
),

casemix_totals as (
    select
        short_name,
        organisation_code,
        quarter,
        expected_variance
    from {{ ref('int_standardised_totals') }}
),

day_case_rates as (
    select
        quarter,
        day_case_rate
    from {{ ref('int_day_case_reference_rates') }}
),

-- Rulebook 9.1: what a limit of each method is made of. The reference rate turns a ratio of day
-- cases into a rate; the standard error of a ratio of days is that of its cells.
parts as (
    select
        measures.*,
        indicators.value_scale,
        indicators.interval_method,
        indicators.design_effect,
        day_case_rates.day_case_rate as reference_rate,
        case
            when indicators.interval_method = 'casemix_mean' and measures.expected > 0
                then sqrt(casemix_totals.expected_variance) / measures.expected
        end as standard_error,
        case
            when measures.value is null or measures.value < 0 or measures.numerator < 0 then null
            when indicators.interval_method = 'ratio' and measures.expected > 0
                then measures.numerator
            when indicators.interval_method = 'rate' and measures.denominator > 0
                then measures.numerator
        end as event_count,
        case
            when measures.value >= 0 and indicators.interval_method = 'proportion'
                then measures.numerator / indicators.design_effect
        end as effective_numerator,
        measures.denominator / indicators.design_effect as effective_denominator,
        indicators.value_scale * case
            when indicators.interval_method = 'ratio' then 1 / nullif(measures.expected, 0)
            when indicators.interval_method = 'rate' then 1 / nullif(measures.denominator, 0)
            when indicators.interval_method = 'proportion' and indicators.is_standardised
                then
                    measures.denominator / nullif(measures.expected, 0)
                    * day_case_rates.day_case_rate
            when indicators.interval_method = 'proportion' then 1
        end as unit_of_value
    from measures
    inner join indicators
        on measures.indicator_id = indicators.indicator_id
    left join casemix_totals
        on
            measures.short_name = casemix_totals.short_name
            and measures.organisation_code = casemix_totals.organisation_code
            and measures.quarter = casemix_totals.quarter
    left join day_case_rates
        on
            measures.short_name = 'day_case_rate'
            and measures.quarter = day_case_rates.quarter
),

{{ count_limits('parts', 'event_count') }},

-- Rulebook 9.2 and 9.3: limits by the method of the indicator, and the value on the scale on which
-- chance spreads alike.
limits as (
    select
        count_limits.*,
        {{ limits_by_method() }},
        {{ transformed_value() }} as transformed_value,
        {{ transformed_standard_error() }} as transformed_standard_error
    from count_limits
    cross join limit_factors
),

-- Rulebook 9.3: one without the other says nothing.
final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        interval_method,
        value_scale,
        design_effect,
        reference_rate,
        value_lower_95,
        value_upper_95,
        value_lower_998,
        value_upper_998,
        case when transformed_standard_error is not null then transformed_value end
            as transformed_value,
        case when transformed_value is not null then transformed_standard_error end
            as transformed_standard_error
    from limits
)

select * from final
