with

results as (
    select * from {{ ref('int_indicator_results') }}
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
        opportunity_annual_gbp
    from results
)

select * from final
