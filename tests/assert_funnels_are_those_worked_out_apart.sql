-- Three funnels of ten, worked out by a NumPy script that knows none of this SQL: observed against
-- expected counts on the scale of logarithms (figures that FunnelPlotR's method gives too) and of
-- square roots, and shares of prescriptions with a design effect of 3. Here macros are fed with a
-- table of one's own, as anybody may do it.
{% set columns = [
    'overdispersion_phi', 'overdispersion_tau2', 'shrinkage_tau2', 'lower_95', 'upper_95',
    'lower_998', 'upper_998', 'shrunk_value',
] -%}
with

counts as (
    select
        organisations.organisation,
        cast(organisations.observed as double) as observed,
        cast(organisations.expected as double) as expected
    from (
        values
        ('A', 120, 100), ('B', 80, 100), ('C', 230, 200), ('D', 150, 200), ('E', 52, 50),
        ('F', 310, 300), ('G', 240, 300), ('H', 45, 50), ('I', 420, 400), ('J', 330, 400)
    ) as organisations (organisation, observed, expected)
),

shares as (
    select
        organisations.organisation,
        cast(organisations.low_cost_items as double) as low_cost_items,
        cast(organisations.items as double) as items
    from (
        values
        ('A', 700, 1000), ('B', 800, 1000), ('C', 600, 1000), ('D', 750, 1000), ('E', 640, 900),
        ('F', 820, 1100), ('G', 710, 950), ('H', 555, 800), ('I', 690, 1000), ('J', 770, 1050)
    ) as organisations (organisation, low_cost_items, items)
),

inputs as (
    select
        'logarithms' as funnel,
        organisation,
        'casemix_mean' as interval_method,
        100 as value_scale,
        ln(observed / expected) as transformed_value,
        1 / sqrt(expected) as transformed_standard_error,
        0.0 as funnel_target
    from counts
    union all
    select
        'square roots' as funnel,
        organisation,
        'ratio' as interval_method,
        100 as value_scale,
        sqrt(observed / expected) as transformed_value,
        1 / (2 * sqrt(expected)) as transformed_standard_error,
        1.0 as funnel_target
    from counts
    union all
    select
        'angles' as funnel,
        organisation,
        'proportion' as interval_method,
        1 as value_scale,
        asin(sqrt(low_cost_items / items)) as transformed_value,
        sqrt(3) / (2 * sqrt(items)) as transformed_standard_error,
        asin(sqrt(sum(low_cost_items) over () / sum(items) over ())) as funnel_target
    from shares
),

spreads as (
    {{ overdispersion('inputs', ['funnel']) }}
),

placed as (
    select
        inputs.*,
        spreads.overdispersion_phi,
        spreads.overdispersion_tau2,
        spreads.shrinkage_tau2,
        sqrt(
            inputs.transformed_standard_error * inputs.transformed_standard_error
            + spreads.overdispersion_tau2
        ) as standard_error,
        inputs.funnel_target + (inputs.transformed_value - inputs.funnel_target)
        * spreads.shrinkage_tau2 / (
            spreads.shrinkage_tau2
            + inputs.transformed_standard_error * inputs.transformed_standard_error
        ) as shrunk_y
    from inputs
    inner join spreads
        on inputs.funnel = spreads.funnel
    where inputs.organisation = 'A'
),

limits as (
    select
        *,
        funnel_target - 1.959963984540054 * standard_error as y_lower_95,
        funnel_target + 1.959963984540054 * standard_error as y_upper_95,
        funnel_target - 3.090232306167813 * standard_error as y_lower_998,
        funnel_target + 3.090232306167813 * standard_error as y_upper_998
    from placed
),

found as (
    select
        funnel,
        overdispersion_phi,
        overdispersion_tau2,
        shrinkage_tau2,
        {{ on_value_scale('y_lower_95') }} as lower_95,
        {{ on_value_scale('y_upper_95') }} as upper_95,
        {{ on_value_scale('y_lower_998') }} as lower_998,
        {{ on_value_scale('y_upper_998') }} as upper_998,
        {{ on_value_scale('shrunk_y') }} as shrunk_value
    from limits
),

wanted as (
    select
        funnels.funnel,
        {% for column in columns -%}
            cast(funnels.{{ column }} as double) as {{ column }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from (
        values
        (
            'logarithms', 5.8426680901585915, 0.027278851483135455, 0.028373282033934823,
            68.49396181070125, 145.9982710247845, 55.06511611243348, 181.6031764934759,
            114.43181144298318
        ),
        (
            'square roots', 5.408294056392156, 0.006220379447058823, 0.006400975107179222,
            66.74444550303082, 139.95535020630996, 50.612542147300466, 166.04257283275606,
            114.19863768653504
        ),
        (
            'angles', 1.2110184437849696, 0.0002646582415999452, 0.002698183266238424,
            0.6601127386887818, 0.7722093315483569, 0.6256199502538312, 0.8016778517951119,
            0.7039112968706543
        )
    ) as funnels (funnel, {{ columns | join(', ') }})
),

final as (
    select
        wanted.funnel,
        {% for column in columns -%}
            found.{{ column }} as found_{{ column }},
            wanted.{{ column }} as wanted_{{ column }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from wanted
    left join found
        on wanted.funnel = found.funnel
    where
        {% for column in columns -%}
            coalesce(abs(found.{{ column }} / wanted.{{ column }} - 1) > 1e-12, true)
            {% if not loop.last %}or {% endif -%}
        {% endfor %}
)

select * from final
