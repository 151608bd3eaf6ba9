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


{% macro hrg_chapter(hrg) -%}
    {#- Chapter of an HRG, its first letter; none of a spell without one. -#}
    case when {{ hrg }} = 'none' then 'none' else left({{ hrg }}, 1) end
{%- endmacro %}


{% macro compared_parts(rows) %}
    {#-
        CTEs, the last compared_parts: parts of an organisation's figure with their distance to its benchmark
        (part_excess_units), the organisation's own excess_units and its unit_price_gbp (Rulebook 10.5).

        rows: CTE with indicator_id, organisation_code, quarter, n_cases, observed and expected.
    -#}
    part_results as (
        select
            indicator_id,
            short_name,
            organisation_code,
            quarter,
            direction,
            numerator,
            benchmark_value,
            excess_units,
            unit_price_gbp,
            distance * volume > volume_limit as is_limited
        from {{ ref('int_indicators_benchmarked') }}
        where numerator is not null
    ),

    part_indicators as (
        select
            indicator_id,
            is_standardised,
            value_scale
        from {{ ref('indicators') }}
    ),

    day_case_reference_rates as (
        select
            quarter,
            day_case_rate
        from {{ ref('int_day_case_reference_rates') }}
    ),

    -- What the part would have at the level of the benchmark; not known of practices and hospitals
    -- that treat a population's cases, since nobody lives in them.
    benchmarked_parts as (
        select
            {{ rows }}.*,
            part_results.direction,
            part_results.numerator,
            part_results.excess_units,
            part_results.unit_price_gbp,
            part_results.is_limited,
            case
                when part_results.short_name = 'day_case_rate'
                    then
                        part_results.benchmark_value * {{ rows }}.expected
                        / nullif(day_case_reference_rates.day_case_rate, 0)
                when part_indicators.is_standardised
                    then part_results.benchmark_value * {{ rows }}.expected / part_indicators.value_scale
                else part_results.benchmark_value * {{ rows }}.n_cases
            end as at_benchmark,
            part_indicators.is_standardised and {{ rows }}.expected is null as is_share
        from {{ rows }}
        inner join part_results
            on
                {{ rows }}.indicator_id = part_results.indicator_id
                and {{ rows }}.organisation_code = part_results.organisation_code
                and {{ rows }}.quarter = part_results.quarter
        inner join part_indicators
            on {{ rows }}.indicator_id = part_indicators.indicator_id
        left join day_case_reference_rates
            on {{ rows }}.quarter = day_case_reference_rates.quarter
    ),

    -- Parts that do better are negative, so that all sum to the organisation's; where more than every
    -- inpatient would be saved, those there are.
    compared_parts as (
        select
            *,
            case
                when is_share then excess_units * observed / nullif(numerator, 0)
                when is_limited then n_cases - observed
                else {{ distance_to('observed', 'at_benchmark') }}
            end as part_excess_units
        from benchmarked_parts
    )
{%- endmacro %}
