with

procurement as (
    select * from {{ ref('int_rows__procurement') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

spending as (
    select
        organisation_map.organisation_code,
        procurement.quarter,
        sum(procurement.framework_spend_gbp) as framework_spend_gbp,
        sum(procurement.addressable_spend_gbp) as addressable_spend_gbp
    from procurement
    inner join organisation_map
        on
            procurement.organisation_code = organisation_map.code
            and procurement.quarter = organisation_map.quarter
    where procurement.is_effective
    group by organisation_map.organisation_code, procurement.quarter
),

final as (
    select
        organisation_code,
        quarter,
        framework_spend_gbp as numerator,
        addressable_spend_gbp as denominator,
        cast(null as double) as expected,
        framework_spend_gbp / nullif(addressable_spend_gbp, 0) as crude_value,
        framework_spend_gbp / nullif(addressable_spend_gbp, 0) as value,
        addressable_spend_gbp as volume,
        cast(null as double) as volume_limit,
        cast(null as double) as unit_price_gbp
    from spending
)

select * from final
