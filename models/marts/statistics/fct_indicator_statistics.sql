with

intervals as (
    select * from {{ ref('int_indicator_intervals') }}
),

funnels as (
    select * from {{ ref('int_funnel_groups') }}
),

positions as (
    select * from {{ ref('int_funnel_positions') }}
),

shrunk as (
    select * from {{ ref('int_shrunk_values') }}
),

ranks as (
    select * from {{ ref('int_expected_ranks') }}
),

concerns as (
    select * from {{ ref('int_concerns') }}
),

final as (
    select
        intervals.indicator_id,
        intervals.organisation_code,
        intervals.quarter,
        intervals.organisation_class,
        intervals.interval_method,
        intervals.value_lower_95,
        intervals.value_upper_95,
        intervals.value_lower_998,
        intervals.value_upper_998,
        intervals.transformed_value,
        intervals.transformed_standard_error,
        funnels.overdispersion_phi,
        funnels.overdispersion_tau2,
        funnels.funnel_target,
        funnels.funnel_centre,
        positions.funnel_z,
        positions.funnel_lower_95,
        positions.funnel_upper_95,
        positions.funnel_lower_998,
        positions.funnel_upper_998,
        positions.funnel_position,
        shrunk.shrunk_value,
        shrunk.shrunk_benchmark_value,
        shrunk.opportunity_annual_shrunk_gbp,
        intervals.opportunity_annual_lower_gbp,
        intervals.opportunity_annual_upper_gbp,
        intervals.is_distinguishable,
        ranks.expected_rank,
        ranks.rank_best_95,
        ranks.rank_worst_95,
        concerns.concern,
        concerns.focus_order
    from intervals
    left join funnels
        on
            intervals.indicator_id = funnels.indicator_id
            and intervals.quarter = funnels.quarter
            and intervals.organisation_class = funnels.organisation_class
    {% for relation in ['positions', 'shrunk', 'ranks', 'concerns'] -%}
        left join {{ relation }}
            on
                intervals.indicator_id = {{ relation }}.indicator_id
                and intervals.organisation_code = {{ relation }}.organisation_code
                and intervals.quarter = {{ relation }}.quarter
    {% endfor %}
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
