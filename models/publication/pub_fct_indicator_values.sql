with

results as (
    select * from {{ ref('int_shown_results') }}
),

ranks as (
    select * from {{ ref('int_shown_ranks') }}
),

indicators as (
    select
        indicator_id,
        value_decimals,
        {{ crude_decimals() }} as crude_decimals
    from {{ ref('indicators') }}
),

-- Rulebook 10.4: every format of a release prints these figures.
final as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        results.organisation_type,
        results.organisation_class,
        {{ rounded_count('results.numerator') }} as numerator,
        {{ rounded_count('results.denominator') }} as denominator,
        {{ rounded_value('results.expected', 1) }} as expected,
        {{ rounded_value('results.crude_value', 'indicators.crude_decimals') }} as crude_value,
        {{ rounded_value('results.value', 'indicators.value_decimals') }} as value,
        results.is_eligible_for_benchmark,
        results.publication_status,
        results.status_reason,
        {{ rounded_value('results.benchmark_value', 'indicators.value_decimals') }}
            as benchmark_value,
        ranks.national_rank,
        ranks.n_ranked,
        ranks.quartile,
        {{ rounded_value('results.gap', 'indicators.value_decimals') }} as gap,
        {{ rounded_value('results.excess_units', 1) }} as excess_units,
        {{ rounded_value('results.unit_price_gbp', 2) }} as unit_price_gbp,
        {% for amount in [
            'opportunity_quarter_gbp', 'opportunity_annual_gbp', 'opportunity_annual_at_median_gbp',
            'opportunity_annual_at_best_decile_gbp', 'releasable_annual_gbp',
        ] -%}
            {{ rounded_pounds('results.' ~ amount) }} as {{ amount }},
        {% endfor -%}
        {% for peer_set in ['sha', 'cluster'] -%}
            {{ rounded_value(
                'results.' ~ peer_set ~ '_benchmark_value', 'indicators.value_decimals'
            ) }} as {{ peer_set }}_benchmark_value,
            ranks.{{ peer_set }}_rank,
            ranks.{{ peer_set }}_n_ranked,
            ranks.{{ peer_set }}_quartile,
        {% endfor -%}
        results.disclosure_status
    from results
    inner join indicators
        on results.indicator_id = indicators.indicator_id
    left join ranks
        on
            results.indicator_id = ranks.indicator_id
            and results.organisation_code = ranks.organisation_code
            and results.quarter = ranks.quarter
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
