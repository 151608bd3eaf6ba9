with

finance as (
    select * from {{ ref('int_finance_months') }}
    where month_quarter = mapping_quarter
),

-- Rulebook 5.11: what the last month that has both figures says.
latest as (
    select
        mapping_quarter,
        organisation_code,
        max_by(cash_above_plan_gbp, month_start_date)
        filter (where cash_above_plan_gbp is not null) as cash_above_plan_gbp,
        max_by(annual_turnover_beside_cash_gbp, month_start_date)
        filter (where annual_turnover_beside_cash_gbp is not null) as annual_turnover_gbp
    from finance
    group by mapping_quarter, organisation_code
),

final as (
    select
        organisation_code,
        mapping_quarter as quarter,
        cash_above_plan_gbp as numerator,
        annual_turnover_gbp as denominator,
        cast(null as double) as expected,
        cash_above_plan_gbp / nullif(annual_turnover_gbp, 0) as value,
        annual_turnover_gbp as volume,
        cast(null as double) as volume_limit,
        cast(null as double) as price_factor
    from latest
)

select * from final
