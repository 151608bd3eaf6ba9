{% set figures = [
    'numerator', 'denominator', 'expected', 'crude_value', 'value', 'volume', 'volume_limit',
    'unit_price_gbp', 'distance', 'distance_at_median', 'distance_at_best_decile', 'gap',
    'gap_at_median', 'gap_at_best_decile', 'excess_units', 'excess_units_at_median',
    'excess_units_at_best_decile', 'opportunity_quarter_gbp', 'opportunity_quarter_at_median_gbp',
    'opportunity_quarter_at_best_decile_gbp', 'opportunity_annual_gbp',
    'opportunity_annual_at_median_gbp', 'opportunity_annual_at_best_decile_gbp',
    'releasable_annual_gbp',
] -%}
with

results as (
    select * from {{ ref('int_indicators_benchmarked') }}
),

hidden_rows as (
    select * from {{ ref('int_hidden_rows') }}
),

hidden_sets as (
    select * from {{ ref('int_hidden_peer_sets') }}
),

-- Rulebook 10.1: what comes from the data goes; the peers' benchmarks are not the row's own. Ranks
-- are made again among the rows shown.
final as (
    select
        results.indicator_id,
        results.short_name,
        results.organisation_code,
        results.quarter,
        results.organisation_type,
        results.organisation_class,
        results.is_specialist,
        results.sha_code,
        results.cluster,
        results.is_submitted,
        results.direction,
        results.status_reason,
        results.publication_status,
        results.is_rankable,
        results.is_eligible_for_benchmark,
        results.benchmark_value,
        {% for peer_set in ['sha', 'cluster'] -%}
            case
                when {{ peer_set }}_sets.indicator_id is null
                    then results.{{ peer_set }}_benchmark_value
            end as {{ peer_set }}_benchmark_value,
        {% endfor -%}
        {% for figure in figures -%}
            case when hidden_rows.indicator_id is null then results.{{ figure }} end
                as {{ figure }},
        {% endfor -%}
        case when hidden_rows.indicator_id is null then 'shown' else 'suppressed' end
            as disclosure_status
    from results
    left join hidden_rows
        on
            results.indicator_id = hidden_rows.indicator_id
            and results.organisation_code = hidden_rows.organisation_code
            and results.quarter = hidden_rows.quarter
    {% for peer_set, peer_code in [('sha', 'sha_code'), ('cluster', 'cluster')] -%}
        left join hidden_sets as {{ peer_set }}_sets
            on
                results.indicator_id = {{ peer_set }}_sets.indicator_id
                and results.quarter = {{ peer_set }}_sets.quarter
                and results.organisation_class = {{ peer_set }}_sets.organisation_class
                and results.{{ peer_code }} = {{ peer_set }}_sets.peer_code
                and {{ peer_set }}_sets.peer_set = '{{ peer_set }}'
    {% endfor %}
)

select * from final
