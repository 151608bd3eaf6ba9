with

spending as (
    select
        organisation_code,
        quarter,
        sum(framework_spend_gbp) as framework_spend_gbp,
        sum(addressable_spend_gbp) as addressable_spend_gbp
    from {{ ref('int_procurement_rows') }}
    where organisation_code is not null and not is_set_aside
    group by organisation_code, quarter
),

final as (
    select
        organisation_code,
        quarter,
        framework_spend_gbp as numerator,
        addressable_spend_gbp as denominator,
        cast(null as double) as expected,
        framework_spend_gbp / nullif(addressable_spend_gbp, 0) as value,
        addressable_spend_gbp as volume,
        cast(null as double) as volume_limit,
        cast(null as double) as price_factor
    from spending
)

select * from final
