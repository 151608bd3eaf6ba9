{% macro byars_lower(event_count, z) -%}
    {#- Byar's lower limit of a count of events (Rulebook 9.2); null of none. -#}
    case
        when {{ event_count }} > 0
            then {{ event_count }} * pow(
                1 - 1 / (9 * {{ event_count }}) - {{ z }} / (3 * sqrt({{ event_count }})), 3
            )
    end
{%- endmacro %}


{% macro byars_upper(event_count, z) -%}
    {#- Byar's upper limit of a count of events (Rulebook 9.2); null of a negative one. -#}
    case
        when {{ event_count }} >= 0
            then ({{ event_count }} + 1) * pow(
                1 - 1 / (9 * ({{ event_count }} + 1)) + {{ z }} / (3 * sqrt({{ event_count }} + 1)), 3
            )
    end
{%- endmacro %}


{% macro wilson_lower(numerator, denominator, z) -%}
    {#- Wilson's lower limit of a proportion (Rulebook 9.2); null where it is none. -#}
    {{ wilson_limit(numerator, denominator, z, '-') }}
{%- endmacro %}


{% macro wilson_upper(numerator, denominator, z) -%}
    {#- Wilson's upper limit of a proportion (Rulebook 9.2); null where it is none. -#}
    {{ wilson_limit(numerator, denominator, z, '+') }}
{%- endmacro %}


{% macro wilson_limit(numerator, denominator, z, side) -%}
    {#- Either limit; outside nought to the denominator the root would stop the query. -#}
    case
        when
            {{ numerator }} >= 0 and {{ denominator }} > 0 and {{ numerator }} <= {{ denominator }}
            then (
                2 * {{ numerator }} + {{ z }} * {{ z }}
                {{ side }} {{ z }} * sqrt(
                    {{ z }} * {{ z }}
                    + 4 * {{ numerator }} * (1 - {{ numerator }} / {{ denominator }})
                )
            ) / (2 * ({{ denominator }} + {{ z }} * {{ z }}))
    end
{%- endmacro %}


{% macro count_limits(rows, event_count) %}
    {#-
        CTEs exact_limits, limit_factors and count_limits: rows with count_lower_95, count_upper_95, count_lower_998 and
        count_upper_998, limits of a count of events (Rulebook 9.2). A small count has the exact limits of the
        nearest whole number, halves up; every other Byar's; one that is negative or missing none.

        rows: CTE. event_count: its column with the count, which may be a fraction.
    -#}
    exact_limits as (
        select * from {{ ref('poisson_limits') }}
    ),

    limit_factors as (
        select
            {{ parameter('z_95') }} as z_95,
            {{ parameter('z_998') }} as z_998,
            {{ parameter('exact_limits_below') }} as exact_limits_below
    ),

    count_limits as (
        select
            {{ rows }}.*,
            {% for level in ['95', '998'] -%}
                {% for side in ['lower', 'upper'] -%}
                    coalesce(
                        exact_limits.{{ side }}_{{ level }},
                        {% if side == 'lower' -%}
                            {{ byars_lower(rows ~ '.' ~ event_count, 'limit_factors.z_' ~ level) }}
                        {%- else -%}
                            {{ byars_upper(rows ~ '.' ~ event_count, 'limit_factors.z_' ~ level) }}
                        {%- endif %}
                    ) as count_{{ side }}_{{ level }}
                    {%- if not loop.last %},{% endif %}
                {% endfor -%}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from {{ rows }}
        cross join limit_factors
        left join exact_limits
            on
                {{ comparable(rows ~ '.' ~ event_count) }} < limit_factors.exact_limits_below
                and floor({{ comparable(rows ~ '.' ~ event_count) }} + 0.5) = exact_limits.event_count
    )
{%- endmacro %}


{% macro limits_by_method() -%}
    {#-
        Columns value_lower_95, value_upper_95, value_lower_998 and value_upper_998 of a query from count_limits and
        limit_factors: a value's limits by its method (Rulebook 9.2). Read of count_limits, besides the method and the
        limits of the count: unit_of_value (what one event, or a share of 1, is in the value), effective_numerator and
        effective_denominator of a proportion; value, numerator, expected and standard_error of casemix_mean.
    -#}
    {%- for level in ['95', '998'] -%}
        {%- set outer_loop = loop -%}
        {%- for side, wilson, sign in [('lower', wilson_lower, '-'), ('upper', wilson_upper, '+')] -%}
            case count_limits.interval_method
                when 'proportion'
                    then count_limits.unit_of_value * {{ wilson(
                        'count_limits.effective_numerator', 'count_limits.effective_denominator',
                        'limit_factors.z_' ~ level
                    ) }}
                when 'casemix_mean'
                    then {{ casemix_limit(
                        'count_limits.value', 'count_limits.numerator', 'count_limits.expected',
                        'count_limits.standard_error', 'limit_factors.z_' ~ level, sign
                    ) }}
                else count_limits.unit_of_value * count_limits.count_{{ side }}_{{ level }}
            end as value_{{ side }}_{{ level }}
            {%- if not (loop.last and outer_loop.last) %},
            {% endif -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}


{% macro casemix_limit(value, observed, expected, standard_error, z, side) -%}
    {#-
        A limit of an index of observed against expected whose spread is its cells' (Rulebook 9.2): even on a scale of
        logarithms, so that it is never below nought; null where nothing was observed. standard_error: of observed
        over expected. side: + or -.
    -#}
    case
        when {{ observed }} > 0 and {{ expected }} > 0
            then {{ value }} * exp(
                {{ side }}{{ z }} * {{ standard_error }} * {{ expected }} / {{ observed }}
            )
    end
{%- endmacro %}


{% macro transformed_value(
    interval_method='interval_method', numerator='numerator', denominator='denominator', expected='expected',
    value='value'
) -%}
    {#-
        y: a value on a scale on which chance spreads all alike (Rulebook 9.3); null where there is none. Conditions
        come first: a root or a logarithm of what has none stops the query.
    -#}
    case
        when {{ value }} is null or {{ value }} < 0 or {{ numerator }} < 0 then null
        when {{ interval_method }} = 'ratio' and {{ expected }} > 0
            then sqrt({{ numerator }} / {{ expected }})
        when {{ interval_method }} = 'casemix_mean' and {{ numerator }} > 0 and {{ expected }} > 0
            then ln({{ numerator }} / {{ expected }})
        when {{ interval_method }} = 'rate' and {{ numerator }} > 0 and {{ denominator }} > 0
            then ln(({{ numerator }} + 0.5) / ({{ denominator }} + 0.5))
        when {{ interval_method }} = 'proportion' and {{ denominator }} > 0
            then asin(sqrt(case when {{ value }} < 1 then {{ value }} else 1 end))
    end
{%- endmacro %}


{% macro transformed_standard_error(
    interval_method='interval_method', numerator='numerator', denominator='denominator', expected='expected',
    standard_error='standard_error', design_effect='design_effect'
) -%}
    {#-
        s: the standard error of y (Rulebook 9.3); null where there is none, so of what is nought.
        standard_error: of observed over expected, of casemix_mean alone.
    -#}
    case
        when {{ interval_method }} = 'ratio' and {{ expected }} > 0
            then 1 / (2 * sqrt({{ expected }}))
        when {{ interval_method }} = 'casemix_mean' and {{ numerator }} > 0 and {{ expected }} > 0
            then nullif({{ standard_error }} * {{ expected }} / {{ numerator }}, 0)
        when {{ interval_method }} = 'rate' and {{ numerator }} > 0 and {{ denominator }} > 0
            then sqrt(
                {{ numerator }} / (({{ numerator }} + 0.5) * ({{ numerator }} + 0.5))
                + {{ denominator }} / (({{ denominator }} + 0.5) * ({{ denominator }} + 0.5))
            )
        when {{ interval_method }} = 'proportion' and {{ denominator }} > 0
            then sqrt({{ design_effect }}) / (2 * sqrt({{ denominator }}))
    end
{%- endmacro %}
