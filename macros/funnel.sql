{% macro overdispersion(relation, keys) -%}
    {#-
        How much further apart the members of each group are than chance alone would have them (Rulebook 9.4), as a
        query. relation: a model, or a query's name, with the columns of keys, transformed_value (y),
        transformed_standard_error (s) and funnel_target, a row per organisation that counts; rows without y or s are
        left out. A group with too few has its number alone.
    -#}
    with

    factors as (
        select
            {{ parameter('winsorised_share') }} as winsorised_share,
            {{ parameter('funnel_min_organisations') }} as funnel_min_organisations
    ),

    standardised as (
        select
            {{ keys | join(', ') }},
            1 / transformed_standard_error / transformed_standard_error as weight,
            (transformed_value - funnel_target) / transformed_standard_error as distance
        from {{ relation }}
        where
            transformed_value is not null
            and transformed_standard_error > 0
            and funnel_target is not null
    ),

    -- In order, numbered from nought; the places between which the outermost are drawn in.
    placed as (
        select
            standardised.*,
            row_number() over (
                partition by {{ keys | join(', ') }}
                order by distance
            ) - 1 as place,
            factors.winsorised_share
            * (count(*) over (partition by {{ keys | join(', ') }}) - 1) as low_place,
            (1 - factors.winsorised_share)
            * (count(*) over (partition by {{ keys | join(', ') }}) - 1) as high_place
        from standardised
        cross join factors
    ),

    edges as (
        select
            {{ keys | join(', ') }},
            {{ value_at_place('distance', 'place', 'low_place') }} as lowest,
            {{ value_at_place('distance', 'place', 'high_place') }} as highest
        from placed
        group by {{ keys | join(', ') }}
    ),

    sums as (
        select
            {% for key in keys -%}
                placed.{{ key }},
            {% endfor -%}
            count(*) as n_organisations,
            avg(power(least(greatest(placed.distance, edges.lowest), edges.highest), 2))
                as winsorised_phi,
            avg(placed.distance * placed.distance) as full_phi,
            sum(placed.weight) as weight,
            sum(placed.weight * placed.weight) as squared_weight
        from placed
        inner join edges
            on
                {% for key in keys -%}
                    placed.{{ key }} = edges.{{ key }}
                    {% if not loop.last %}and {% endif -%}
                {% endfor %}
        group by {% for key in keys %}placed.{{ key }}{% if not loop.last %}, {% endif %}{% endfor %}
    )

    select
        {% for key in keys -%}
            sums.{{ key }},
        {% endfor -%}
        sums.n_organisations,
        case
            when sums.n_organisations >= factors.funnel_min_organisations
                then sums.winsorised_phi
        end as overdispersion_phi,
        case
            when sums.n_organisations >= factors.funnel_min_organisations
                then {{ variance_between('sums.winsorised_phi') }}
        end as overdispersion_tau2,
        case
            when sums.n_organisations >= factors.funnel_min_organisations
                then {{ variance_between('sums.full_phi') }}
        end as shrinkage_tau2
    from sums
    cross join factors
{%- endmacro %}


{% macro variance_between(phi) -%}
    {#- Variance between organisations beyond chance, after DerSimonian and Laird; only within overdispersion(). -#}
    case
        when sums.n_organisations * {{ phi }} < sums.n_organisations - 1 then 0.0
        else greatest(
            0.0,
            (sums.n_organisations * {{ phi }} - (sums.n_organisations - 1))
            / (sums.weight - sums.squared_weight / sums.weight)
        )
    end
{%- endmacro %}


{% macro on_value_scale(y, method='interval_method', value_scale='value_scale') -%}
    {#- From the scale where spread is even back to the value's own (Rulebook 9.3), cut to where it has a value. -#}
    {{ value_scale }}
    * case
        when {{ y }} is null then null
        when {{ method }} = 'ratio' then power(greatest(0.0, {{ y }}), 2)
        when {{ method }} in ('casemix_mean', 'rate') then exp({{ y }})
        when {{ method }} = 'proportion'
            then power(sin(least(greatest(0.0, {{ y }}), pi() / 2)), 2)
    end
{%- endmacro %}


{% macro funnel_position(z, direction, z_95, z_998) -%}
    {#- Within the limits of a funnel, or beyond which of them on which side (Rulebook 9.4). -#}
    case
        when {{ z }} is null or {{ direction }} not in ('lower', 'higher') then null
        when abs({{ z }}) <= {{ z_95 }} then 'within'
        else
            case
                when ({{ z }} > 0) = ({{ direction }} = 'lower') then 'worse'
                else 'better'
            end
            || case when abs({{ z }}) > {{ z_998 }} then '_998' else '_95' end
    end
{%- endmacro %}
