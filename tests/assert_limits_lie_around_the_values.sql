-- Limits stand where the rule gives them and nowhere else, in order around the value; the pounds at
-- them around the pounds, to a penny, as the last digit of a limit of 1 times many items is more
-- than nothing; the transformed value leads back to the value. Rulebook 9.2, 9.3, 9.6.
with

benchmarked as (
    select
        indicator_id,
        organisation_code,
        quarter,
        benchmark_value,
        gap,
        opportunity_annual_gbp
    from {{ ref('int_indicators_benchmarked') }}
),

-- What is nought within rounding is nought.
intervals as (
    select
        intervals.*,
        benchmarked.benchmark_value,
        benchmarked.gap,
        benchmarked.opportunity_annual_gbp,
        intervals.value is not null
        and case intervals.interval_method
            when 'none' then false
            when 'casemix_mean' then intervals.numerator > 0
            when 'ratio' then intervals.numerator >= 0 and intervals.expected > 0
            when 'rate' then intervals.numerator >= 0 and intervals.denominator > 0
            else
                intervals.denominator > 0
                and intervals.numerator between 0 and intervals.denominator
        end as has_limits,
        case intervals.interval_method
            when 'ratio' then intervals.transformed_value * intervals.transformed_value
            when 'casemix_mean' then exp(intervals.transformed_value)
            when 'proportion'
                then sin(intervals.transformed_value) * sin(intervals.transformed_value)
            when 'rate'
                then (
                    exp(intervals.transformed_value) * (intervals.denominator + 0.5) - 0.5
                ) / intervals.denominator
        end * intervals.value_scale as value_back
    from {{ ref('int_indicator_intervals') }} as intervals
    inner join benchmarked
        on
            intervals.indicator_id = benchmarked.indicator_id
            and intervals.organisation_code = benchmarked.organisation_code
            and intervals.quarter = benchmarked.quarter
),

final as (
    select * from intervals
    where
        not coalesce(
            {{ comparable('value_lower_998') }} <= {{ comparable('value_lower_95') }}
            and {{ comparable('value_lower_95') }} <= {{ comparable('value') }}
            and {{ comparable('value') }} <= {{ comparable('value_upper_95') }}
            and {{ comparable('value_upper_95') }} <= {{ comparable('value_upper_998') }},
            not has_limits
        )
        {% for limit in [
            'value_lower_95', 'value_upper_95', 'value_lower_998', 'value_upper_998'
        ] -%}
            or has_limits <> ({{ limit }} is not null)
        {% endfor -%}
        {% for side in ['lower', 'upper'] -%}
            or (has_limits and opportunity_annual_gbp is not null)
            <> (opportunity_annual_{{ side }}_gbp is not null)
        {% endfor -%}
        or opportunity_annual_lower_gbp > opportunity_annual_gbp + 0.01
        or opportunity_annual_gbp > opportunity_annual_upper_gbp + 0.01
        or (has_limits and benchmark_value is not null) <> (is_distinguishable is not null)
        or (is_distinguishable and gap = 0)
        or (not is_distinguishable and opportunity_annual_lower_gbp > 0.01)
        or abs(
            value_back
            - case when interval_method = 'proportion' then least(value, 1) else value end
        ) > 0.000000001 * value_scale
)

select * from final
