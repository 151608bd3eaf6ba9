{% macro area_values(has_hidden=false) %}
    {#-
        CTEs, the last area_values: values of authorities and England from the sums of organisations' counts
        (Rulebook 9.9). Warehouse and public release add up alike.

        has_hidden: whether rows may be hidden. Needs the CTE results, with indicator_id, organisation_class, sha_code, quarter,
        numerator, denominator, expected, value, is_counted and, of has_hidden, is_hidden (counted, were it shown).
    -#}
    {%- set counts = 'is_counted and not is_hidden' if has_hidden else 'is_counted' -%}
    indicators as (
        select
            indicator_id,
            short_name,
            is_standardised,
            value_scale
        from {{ ref('indicators') }}
    ),

    reference_rates as (
        select
            quarter,
            day_case_rate
        from {{ ref('int_day_case_reference_rates') }}
    ),

    areas as (
        select
            *,
            'sha' as area_level,
            sha_code as area_code
        from results
        where sha_code is not null
        union all
        select
            *,
            'england' as area_level,
            'england' as area_code
        from results
    ),

    -- Rulebook 9.9: what is withheld or was not sent is in no sum, and is counted as left out.
    summed as (
        select
            indicator_id,
            organisation_class,
            area_level,
            area_code,
            quarter,
            sum(numerator) filter (where {{ counts }}) as numerator,
            sum(denominator) filter (where {{ counts }}) as denominator,
            sum(expected) filter (where {{ counts }}) as expected,
            avg(value) filter (where {{ counts }}) as simple_mean,
            count(*) filter (where {{ counts }}) as n_organisations,
            count(*) filter (where not is_counted) as n_left_out
            {%- if has_hidden %},
            count(*) filter (where is_hidden) as n_suppressed
            {%- endif %}
        from areas
        group by indicator_id, organisation_class, area_level, area_code, quarter
    ),

    area_values as (
        select
            summed.indicator_id,
            summed.organisation_class,
            summed.area_level,
            summed.area_code,
            summed.quarter,
            summed.numerator,
            summed.denominator,
            summed.expected,
            summed.numerator / nullif(summed.denominator, 0) as crude_value,
            case
                when indicators.short_name = 'day_case_rate'
                    then
                        summed.numerator / nullif(summed.expected, 0)
                        * reference_rates.day_case_rate
                when indicators.is_standardised
                    then indicators.value_scale * summed.numerator / nullif(summed.expected, 0)
                else indicators.value_scale * summed.numerator / nullif(summed.denominator, 0)
            end as value,
            summed.simple_mean,
            summed.n_organisations,
            summed.n_left_out
            {%- if has_hidden %},
            summed.n_suppressed
            {%- endif %}
        from summed
        inner join indicators
            on summed.indicator_id = indicators.indicator_id
        left join reference_rates
            on summed.quarter = reference_rates.quarter
    )
{%- endmacro %}
