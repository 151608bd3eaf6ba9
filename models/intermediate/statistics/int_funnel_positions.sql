{% set limits = [('lower_95', '-', 'z_95'), ('upper_95', '+', 'z_95'),
    ('lower_998', '-', 'z_998'), ('upper_998', '+', 'z_998')] -%}
with

intervals as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        interval_method,
        value_scale,
        direction,
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
        overdispersion_tau2
    from {{ ref('int_funnel_groups') }}
    where funnel_target is not null
),

factors as (
    select
        {{ parameter('z_95') }} as z_95,
        {{ parameter('z_998') }} as z_998
),

-- Rulebook 9.4: the funnel is as wide as chance and the spread between organisations together.
placed as (
    select
        intervals.*,
        funnels.funnel_target,
        factors.z_95,
        factors.z_998,
        sqrt(
            intervals.transformed_standard_error * intervals.transformed_standard_error
            + funnels.overdispersion_tau2
        ) as funnel_standard_error
    from intervals
    inner join funnels
        on
            intervals.indicator_id = funnels.indicator_id
            and intervals.quarter = funnels.quarter
            and intervals.organisation_class = funnels.organisation_class
    cross join factors
),

measured as (
    select
        *,
        (transformed_value - funnel_target) / funnel_standard_error as funnel_z,
        {% for limit, sign, z in limits -%}
            funnel_target {{ sign }} {{ z }} * funnel_standard_error as y_{{ limit }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from placed
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        funnel_z,
        {% for limit, _, _ in limits -%}
            {{ on_value_scale('y_' ~ limit) }} as funnel_{{ limit }},
        {% endfor -%}
        {{ funnel_position('funnel_z', 'direction', 'z_95', 'z_998') }} as funnel_position
    from measured
)

select * from final
