with

finance as (
    select
        mapping_quarter,
        organisation_code,
        sum(agency_pay_gbp) as agency_pay_gbp,
        sum(total_pay_gbp) as total_pay_gbp
    from {{ ref('int_finance_months') }}
    where month_quarter = mapping_quarter
    group by mapping_quarter, organisation_code
),

prices as (
    select
        quarter,
        unit_price_gbp
    from {{ ref('int_unit_prices') }}
    where price_id = 'agency_premium'
),

final as (
    select
        finance.organisation_code,
        finance.mapping_quarter as quarter,
        finance.agency_pay_gbp as numerator,
        finance.total_pay_gbp as denominator,
        cast(null as double) as expected,
        finance.agency_pay_gbp / nullif(finance.total_pay_gbp, 0) as crude_value,
        finance.agency_pay_gbp / nullif(finance.total_pay_gbp, 0) as value,
        finance.total_pay_gbp as volume,
        cast(null as double) as volume_limit,
        prices.unit_price_gbp
    from finance
    left join prices
        on finance.mapping_quarter = prices.quarter
)

select * from final
