{% macro shared_opportunity(excess_units) -%}
    {#-
        Pounds a year of a part of an organisation's excess, with results as the organisation's row: parts sum to
        its opportunity; where it is no worse than the benchmark there is none to share.
    -#}
    case
        when results.excess_units > 0
            then {{ parameter('annualisation_factor') }} * {{ excess_units }} * results.unit_price_gbp
        when results.excess_units is not null and results.unit_price_gbp is not null then 0.0
    end
{%- endmacro %}
