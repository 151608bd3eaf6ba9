-- What is shown for context has a value, and nothing that compares it: no benchmark, threshold,
-- rank, gap or pounds.
with

indicators as (
    select indicator_id
    from {{ ref('dim_indicator') }}
    where direction = 'context'
),

final as (
    select
        indicator_values.indicator_id,
        indicator_values.organisation_code,
        indicator_values.quarter
    from {{ ref('fct_indicator_values') }} as indicator_values
    inner join indicators
        on indicator_values.indicator_id = indicators.indicator_id
    where
        indicator_values.is_eligible_for_benchmark is distinct from false
        or indicator_values.n_ranked is distinct from 0
        {% for column in [
            'benchmark_value', 'national_rank', 'quartile', 'gap', 'excess_units',
            'unit_price_gbp', 'opportunity_quarter_gbp',
            'sha_benchmark_value', 'sha_rank', 'sha_n_ranked', 'sha_quartile',
            'cluster_benchmark_value', 'cluster_rank', 'cluster_n_ranked', 'cluster_quartile',
        ] -%}
            or indicator_values.{{ column }} is not null
        {% endfor %}
    union all
    select
        thresholds.indicator_id,
        null as organisation_code,
        thresholds.quarter
    from {{ ref('fct_quartile_thresholds') }} as thresholds
    inner join indicators
        on thresholds.indicator_id = indicators.indicator_id
)

select * from final
