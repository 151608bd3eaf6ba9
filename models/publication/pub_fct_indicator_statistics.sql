{% set of_the_value = [
    'value_lower_95', 'value_upper_95', 'value_lower_998', 'value_upper_998', 'funnel_centre',
    'funnel_lower_95', 'funnel_upper_95', 'funnel_lower_998', 'funnel_upper_998', 'shrunk_value',
    'shrunk_benchmark_value',
] -%}
{% set of_chance = [
    'transformed_value', 'transformed_standard_error', 'overdispersion_phi',
    'overdispersion_tau2', 'funnel_target', 'funnel_z',
] -%}
{% set pounds = [
    'opportunity_annual_shrunk_gbp', 'opportunity_annual_lower_gbp',
    'opportunity_annual_upper_gbp',
] -%}
with

statistics as (
    select * from {{ ref('fct_indicator_statistics') }}
),

hidden_rows as (
    select * from {{ ref('int_hidden_rows') }}
),

expected_ranks as (
    select * from {{ ref('int_shown_expected_ranks') }}
),

indicators as (
    select
        indicator_id,
        value_decimals
    from {{ ref('indicators') }}
),

-- Where to start is numbered again, since a number left out would tell of the hidden one.
focus as (
    select
        statistics.indicator_id,
        statistics.organisation_code,
        statistics.quarter,
        row_number() over (
            partition by statistics.organisation_code, statistics.quarter
            order by statistics.focus_order
        ) as focus_order
    from statistics
    left join hidden_rows
        on
            statistics.indicator_id = hidden_rows.indicator_id
            and statistics.organisation_code = hidden_rows.organisation_code
            and statistics.quarter = hidden_rows.quarter
    where statistics.focus_order is not null and hidden_rows.indicator_id is null
),

joined as (
    select
        statistics.*,
        expected_ranks.expected_rank as shown_expected_rank,
        expected_ranks.rank_best_95 as shown_rank_best_95,
        expected_ranks.rank_worst_95 as shown_rank_worst_95,
        focus.focus_order as shown_focus_order,
        indicators.value_decimals,
        hidden_rows.indicator_id is not null as is_hidden
    from statistics
    inner join indicators
        on statistics.indicator_id = indicators.indicator_id
    {% for relation in ['hidden_rows', 'expected_ranks', 'focus'] -%}
        left join {{ relation }}
            on
                statistics.indicator_id = {{ relation }}.indicator_id
                and statistics.organisation_code = {{ relation }}.organisation_code
                and statistics.quarter = {{ relation }}.quarter
    {% endfor %}
),

-- Rulebook 10.4: of φ and τ² two decimals: more would give back what a hidden row adds to them.
final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        interval_method,
        {% for figure in of_the_value -%}
            case when not is_hidden then {{ rounded_value(figure, 'value_decimals') }} end
                as {{ figure }},
        {% endfor -%}
        {% for figure in of_chance -%}
            case when not is_hidden then {{ rounded_value(figure, 2) }} end as {{ figure }},
        {% endfor -%}
        {% for figure in pounds -%}
            case when not is_hidden then {{ rounded_pounds(figure) }} end as {{ figure }},
        {% endfor -%}
        {% for figure in ['funnel_position', 'is_distinguishable', 'concern'] -%}
            case when not is_hidden then {{ figure }} end as {{ figure }},
        {% endfor -%}
        {{ rounded_value('shown_expected_rank', 1) }} as expected_rank,
        shown_rank_best_95 as rank_best_95,
        shown_rank_worst_95 as rank_worst_95,
        shown_focus_order as focus_order,
        {{ status_of_hidden() }} as disclosure_status,
        quarter_start_date
    from joined
)

select * from final
