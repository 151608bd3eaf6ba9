with

parts as (
    select * from {{ ref('int_practice_drug_shares') }}
),

final as (
    select
        indicator_id,
        organisation_code,
        practice_code,
        quarter,
        numerator,
        denominator,
        value,
        benchmark_value,
        gap,
        excess_units,
        unit_price_gbp,
        opportunity_annual_gbp
    from parts
)

select * from final
