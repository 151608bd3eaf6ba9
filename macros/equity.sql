{% macro equity_cells() %}
    {#-
        CTEs, the last equity_cells: cases, stays or day cases of an organisation's patients by fifth of deprivation, five
        rows an organisation with a value or in the sums of England, whoever lives there; who is of no known fifth is in
        none (Rulebook 9.18).
    -#}
    equity_results as (
        select
            indicator_id,
            short_name,
            organisation_code,
            quarter,
            value is not null as has_value,
            short_name in ({{ resident_indicators() }}) as is_of_residents,
            publication_status in ('published', 'caveat') as is_published
        from {{ ref('int_indicators_benchmarked') }}
        where
            short_name in (
                {{ resident_indicators() }},
                'length_of_stay', 'pre_op_bed_days', 'day_case_rate', 'emergency_readmission'
            )
    ),

    equity_parts as (
        select
            short_name,
            organisation_code,
            quarter,
            deprivation_quintile,
            observed,
            cast(null as bigint) as n_spells,
            expected,
            cast(null as double) as expected_variance
        from {{ ref('int_cases_by_deprivation') }}
        union all
        select
            short_name,
            organisation_code,
            quarter,
            deprivation_quintile,
            observed,
            n_spells,
            expected,
            expected_variance
        from {{ ref('int_standardised_totals_by_deprivation') }}
    ),

    fifths as (
        {% for fifth in range(1, 6) -%}
            select {{ fifth }} as deprivation_quintile
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ),

    equity_cells as (
        select
            equity_results.indicator_id,
            equity_results.organisation_code,
            equity_results.quarter,
            equity_results.has_value,
            equity_results.is_of_residents,
            equity_results.is_published,
            fifths.deprivation_quintile,
            coalesce(equity_parts.observed, 0) as observed,
            equity_parts.n_spells,
            coalesce(equity_parts.expected, 0) as expected,
            equity_parts.expected_variance
        from equity_results
        cross join fifths
        left join equity_parts
            on
                equity_results.short_name = equity_parts.short_name
                and equity_results.organisation_code = equity_parts.organisation_code
                and equity_results.quarter = equity_parts.quarter
                and fifths.deprivation_quintile = equity_parts.deprivation_quintile
        where equity_results.has_value or equity_results.is_published
    )
{%- endmacro %}


{% macro equity_values() %}
    {#-
        CTEs, the last equity_values: the index of each fifth with its limits, and the gap between the poorest and the least
        poor (Rulebook 9.18). Warehouse and public release work it out alike.

        Needs the CTE totals, as int_equity_totals.
    -#}
    equity_indicators as (
        select
            indicator_id,
            interval_method
        from {{ ref('indicators') }}
    ),

    equity_parameters as (
        select {{ parameter('equity_min_expected') }} as equity_min_expected
    ),

    -- Rulebook 9.18: of so few nothing is said. The factor turns an observed count into the index.
    indexed as (
        select
            totals.*,
            equity_indicators.interval_method,
            case
                when {{ comparable('totals.expected') }} >= equity_parameters.equity_min_expected
                    then 100.0 / nullif(totals.expected, 0)
            end as index_factor
        from totals
        inner join equity_indicators
            on totals.indicator_id = equity_indicators.indicator_id
        cross join equity_parameters
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

    equity_values as (
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
{%- endmacro %}
