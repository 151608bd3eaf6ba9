-- In every dimension the parts add up to the organisation's indicator: cases, what was observed and
-- expected, the distance to the benchmark, and the pounds. Parts without an expectation share the
-- organisation's excess out, which is none where it is no worse. An organisation without a part
-- has nothing to split; what the whole does not know, no part knows.
{% set keys = ['indicator_id', 'organisation_code', 'quarter', 'dimension'] -%}
{% set measures = ['n_cases', 'observed', 'expected', 'excess', 'opportunity'] -%}
with

sums as (
    select
        {{ keys | join(', ') }},
        sum(n_cases) as n_cases,
        sum(observed) as observed,
        sum(expected) as expected,
        sum(excess_units) as excess,
        sum(opportunity_annual_gbp) as opportunity
    from {{ ref('drilldown') }}
    group by {{ keys | join(', ') }}
),

dimensions as (
    select distinct
        indicator_id,
        dimension
    from sums
),

-- Above or below the benchmark; what is asked is no more than there is to change.
wholes as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        dimensions.dimension,
        case
            when results.organisation_class = 'pct' and indicators.is_standardised
                then results.numerator
            else results.denominator
        end as n_cases,
        results.numerator as observed,
        case when dimensions.dimension not in ('provider', 'practice') then results.expected end
            as expected,
        case
            when indicators.is_standardised and dimensions.dimension in ('provider', 'practice')
                then results.excess_units
            -- least() skips nulls: without a benchmark there is no distance.
            when results.distance * results.volume is not null
                then least(
                    results.distance * results.volume,
                    coalesce(results.volume_limit, results.distance * results.volume)
                )
        end as excess,
        case
            when results.excess_units > 0 then results.opportunity_annual_gbp
            when results.unit_price_gbp is not null and results.excess_units is not null then 0
        end as opportunity
    from {{ ref('int_indicators_benchmarked') }} as results
    inner join dimensions
        on results.indicator_id = dimensions.indicator_id
    inner join {{ ref('indicators') }} as indicators
        on results.indicator_id = indicators.indicator_id
    where results.is_submitted
),

{{ sums_beside_wholes(keys, measures) }},

final as (
    select *
    from compared
    where
        {% for measure in measures -%}
            case
                when has_parts
                    then {{ differs('sum_of_' ~ measure, 'whole_' ~ measure) }}
                else coalesce(whole_n_cases, 0) <> 0
            end
            {% if not loop.last %}or {% endif -%}
        {% endfor %}
)

select * from final
