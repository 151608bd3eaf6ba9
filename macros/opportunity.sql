{% macro distance_to(value, standard, direction='direction') -%}
    {#- How far a value is on the worse side of a standard, in its unit; null without either, or a better side. -#}
    case
        when {{ direction }} = 'lower' then {{ value }} - {{ standard }}
        when {{ direction }} = 'higher' then {{ standard }} - {{ value }}
    end
{%- endmacro %}


{% macro excess_units(distance, volume, volume_limit) -%}
    {#-
        Units behind a distance (Rulebook 4.3 and 4.5): none where the value is no worse, and no more than the limit
        where there is one. greatest() and least() skip nulls: a missing value must not become "no opportunity".
    -#}
    case
        when {{ distance }} is not null and {{ volume }} is not null
            then least(
                greatest(0.0, {{ distance }}) * {{ volume }},
                coalesce({{ volume_limit }}, greatest(0.0, {{ distance }}) * {{ volume }})
            )
    end
{%- endmacro %}


{% macro annual_opportunity(distance, volume, volume_limit, unit_price_gbp, annualisation_factor) -%}
    {#-
        Pounds of a year behind a distance on the worse side of a standard (Rulebook 4.5 and 4.8): the engine's
        formula, of any value, standard, volume and price. All are columns, the factor that of the parameters.
    -#}
    {{ annualisation_factor }} * {{ unit_price_gbp }}
    * {{ excess_units(distance, volume, volume_limit) }}
{%- endmacro %}


{% macro is_in_published_total(quarter, indicators='indicators') -%}
    {#- Whether an indicator counts in the published total of a quarter, by the registry (Rulebook 4.6); never null. -#}
    coalesce(
        {{ indicators }}.in_published_total
        and {{ quarter }} >= {{ indicators }}.published_from_quarter,
        false
    )
{%- endmacro %}


{% macro counted_twice(part, whole) -%}
    {#-
        What of an organisation's pounds stands in two indicators of which one is counted within the other (Rulebook 4.6).
        least() skips nulls, so that one of the two missing would count the other.
    -#}
    least(coalesce({{ part }}, 0), coalesce({{ whole }}, 0))
{%- endmacro %}


{% macro netted_pounds(pounds, whole) -%}
    {#- An organisation's pounds of an indicator less what stands in the indicator that it is counted within, whole. -#}
    {{ pounds }} - {{ counted_twice(pounds, whole) }}
{%- endmacro %}
