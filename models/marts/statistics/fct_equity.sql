with

totals as (
    select * from {{ ref('int_equity_totals') }}
),

indicators as (
    select
        indicator_id,
        interval_method
    from {{ ref('indicators') }}
),

parameters as (
    select {{ parameter('equity_min_expected') }} as equity_min_expected
),

-- Rulebook 9.18: of so few nothing is said. The factor turns an observed count into the index.
indexed as (
    select
        totals.*,
        indicators.interval_method,
        case
            when {{ comparable('totals.expected') }} >= parameters.equity_min_expected
                then 100.0 / nullif(totals.expected, 0)
        end as index_factor
    from totals
    inner join indicators
        on totals.indicator_id = indicators.indicator_id
    cross join parameters
),

measured as (
    select
        *,
        observed as numerator,
        observed * index_factor as value,
        sqrt(expected_variance) / nullif(expected, 0) as standard_error,
        case when interval_method = 'ratio' then observed end as event_count,
        observed as effective_numerator,
        n_spells as effective_denominator,
        index_factor * case when interval_method = 'proportion' then n_spells else 1 end
            as unit_of_value
    from indexed
),

{{ count_limits('measured', 'event_count') }},

limits as (
    select
        count_limits.*,
        {{ limits_by_method() }}
    from count_limits
    cross join limit_factors
),

final as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        deprivation_quintile,
        observed,
        expected,
        value,
        value_lower_95,
        value_upper_95,
        value_lower_998,
        value_upper_998,
        max(case when deprivation_quintile = 1 then value end) over area
        - max(case when deprivation_quintile = 5 then value end) over area as gap_q1_q5
    from limits
    window area as (partition by indicator_id, area_level, area_code, quarter)
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
