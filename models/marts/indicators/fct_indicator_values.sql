with

results as (
    select * from {{ ref('int_indicators_benchmarked') }}
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_type,
        organisation_class,
        numerator,
        denominator,
        expected,
        crude_value,
        value,
        is_eligible_for_benchmark,
        publication_status,
        status_reason,
        benchmark_value,
        national_rank,
        n_ranked,
        quartile,
        gap,
        excess_units,
        unit_price_gbp,
        opportunity_quarter_gbp,
        opportunity_annual_gbp,
        opportunity_annual_at_median_gbp,
        opportunity_annual_at_best_decile_gbp,
        releasable_annual_gbp,
        sha_benchmark_value,
        sha_rank,
        sha_n_ranked,
        sha_quartile,
        cluster_benchmark_value,
        cluster_rank,
        cluster_n_ranked,
        cluster_quartile
    from results
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
