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

-- Rulebook 9.18: of so few nothing is said. The unit turns an observed count into the index.
units as (
    select
        totals.*,
        indicators.interval_method,
        case
            when {{ comparable('totals.expected') }} >= parameters.equity_min_expected
                then 100.0 / nullif(totals.expected, 0)
        end as unit_of_value
    from totals
    inner join indicators
        on totals.indicator_id = indicators.indicator_id
    cross join parameters
),

measured as (
    select
        *,
        observed * unit_of_value as value,
        sqrt(expected_variance) / nullif(expected, 0) as standard_error,
        case when interval_method = 'ratio' then observed end as event_count
    from units
),

{{ count_limits('measured', 'event_count') }},

limits as (
    select
        count_limits.*,
        {% for level in ['95', '998'] -%}
            {% set outer_loop = loop -%}
            {% for side, wilson, sign in [
                ('lower', wilson_lower, '-'), ('upper', wilson_upper, '+')
            ] -%}
                case count_limits.interval_method
                    when 'proportion'
                        then count_limits.unit_of_value * count_limits.n_spells * {{ wilson(
                            'count_limits.observed', 'count_limits.n_spells',
                            'limit_factors.z_' ~ level
                        ) }}
                    when 'casemix_mean'
                        then {{ casemix_limit(
                            'count_limits.value', 'count_limits.observed', 'count_limits.expected',
                            'count_limits.standard_error', 'limit_factors.z_' ~ level, sign
                        ) }}
                    else count_limits.unit_of_value * count_limits.count_{{ side }}_{{ level }}
                end as value_{{ side }}_{{ level }}
                {%- if not (loop.last and outer_loop.last) %},{% endif %}
            {% endfor -%}
        {% endfor %}
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

select * from final
