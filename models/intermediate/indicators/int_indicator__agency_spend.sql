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

final as (
    select
        organisation_code,
        mapping_quarter as quarter,
        agency_pay_gbp as numerator,
        total_pay_gbp as denominator,
        cast(null as double) as expected,
        agency_pay_gbp / nullif(total_pay_gbp, 0) as value,
        total_pay_gbp as volume,
        cast(null as double) as volume_limit,
        cast(null as double) as price_factor
    from finance
)

select * from final
