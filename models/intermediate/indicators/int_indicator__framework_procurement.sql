with

spending as (
    select
        organisation_code,
        quarter,
        sum({{ if_read('framework_procurement', 'framework_spend_gbp') }})
            as framework_spend_gbp,
        sum({{ if_read('framework_procurement', 'addressable_spend_gbp') }})
            as addressable_spend_gbp
    from {{ ref('int_procurement_rows') }}
    where organisation_code is not null and quarantine_rule is null and not is_set_aside
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
