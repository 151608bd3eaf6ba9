-- Worked out again from what stands beside it: value, gap, excess and pounds of every row, the
-- benchmark from the table of thresholds, the year and what is releasable from the parameters. A
-- missing parameter leaves a year without pounds, which differs.
{% set standards = [
    ('', 'best_quartile_threshold'), ('_at_median', 'median'), ('_at_best_decile', 'best_decile'),
] -%}
with

thresholds as (
    select
        indicator_id,
        quarter,
        organisation_class,
        best_quartile_threshold,
        median,
        p10,
        p90
    from {{ ref('fct_quartile_thresholds') }}
    where peer_set = 'national'
),

indicators as (
    select
        indicator_id,
        short_name,
        direction,
        unit
    from {{ ref('dim_indicator') }}
),

parameters as (
    select
        parameter_id,
        value
    from {{ ref('parameters') }}
),

results as (
    select
        results.*,
        indicators.short_name,
        indicators.direction,
        indicators.unit,
        thresholds.best_quartile_threshold,
        thresholds.median,
        case when indicators.direction = 'higher' then thresholds.p90 else thresholds.p10 end
            as best_decile,
        results.numerator / nullif(results.denominator, 0) as wanted_crude_value,
        max(results.value * results.expected / nullif(results.numerator, 0))
            over (partition by results.indicator_id, results.quarter)
            as reference_rate,
        year_of_quarter.value as quarters_a_year,
        releasable.value as releasable_fraction
    from {{ ref('fct_indicator_values') }} as results
    inner join indicators
        on results.indicator_id = indicators.indicator_id
    left join thresholds
        on
            results.indicator_id = thresholds.indicator_id
            and results.quarter = thresholds.quarter
            and results.organisation_class = thresholds.organisation_class
    left join parameters as year_of_quarter
        on year_of_quarter.parameter_id = 'annualisation_factor'
    left join parameters as releasable
        on releasable.parameter_id = 'releasable_fraction'
),

-- The day-case rate is observed ÷ expected × the reference's rate, which any one trust's tells.
valued as (
    select
        *,
        case
            when short_name = 'day_case_rate'
                then numerator / nullif(expected, 0) * reference_rate
            when unit = 'index' then 100 * numerator / nullif(expected, 0)
            when unit = 'proportion' then wanted_crude_value
            when unit like 'items per 1,000 %' then 1000 * wanted_crude_value
        end as wanted_value,
        case
            when short_name = 'day_case_rate' then expected / nullif(reference_rate, 0)
            when unit = 'index' then expected / 100
            when unit = 'proportion' then denominator
            when unit like 'items per 1,000 %' then denominator / 1000
        end as units_of_gap,
        case when short_name = 'day_case_rate' then denominator - numerator end as most_units
    from results
),

distances as (
    select
        *,
        {% for suffix, threshold in standards -%}
            case direction
                when 'lower' then value - {{ threshold }}
                when 'higher' then {{ threshold }} - value
            end as distance{{ suffix }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from valued
),

gaps as (
    select
        *,
        {% for suffix, _ in standards -%}
            case
                when distance{{ suffix }} < 0 then 0
                else distance{{ suffix }}
            end as wanted_gap{{ suffix }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from distances
),

excesses as (
    select
        *,
        {% for suffix, _ in standards -%}
            case
                when wanted_gap{{ suffix }} is null then null
                when wanted_gap{{ suffix }} * units_of_gap > most_units then most_units
                else wanted_gap{{ suffix }} * units_of_gap
            end as wanted_excess{{ suffix }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from gaps
),

pounds as (
    select
        *,
        {% for suffix, _ in standards -%}
            quarters_a_year
            * wanted_excess{{ suffix }}
            * unit_price_gbp as wanted_annual{{ suffix }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from excesses
),

final as (
    select *
    from pounds
    where
        {{ differs('crude_value', 'wanted_crude_value') }}
        or {{ differs('value', 'wanted_value') }}
        or benchmark_value is distinct from best_quartile_threshold
        or {{ differs('gap', 'wanted_gap') }}
        or {{ differs('excess_units', 'wanted_excess') }}
        or {{ differs('opportunity_quarter_gbp', 'wanted_excess * unit_price_gbp') }}
        {% for suffix, _ in standards -%}
            or {{ differs('opportunity_annual' ~ suffix ~ '_gbp', 'wanted_annual' ~ suffix) }}
        {% endfor -%}
        or {{ differs('releasable_annual_gbp', 'releasable_fraction * wanted_annual') }}
        or (opportunity_quarter_gbp is null) <> (opportunity_annual_gbp is null)
        or (opportunity_quarter_gbp is null) <> (releasable_annual_gbp is null)
        or opportunity_quarter_gbp < 0
)

select * from final
