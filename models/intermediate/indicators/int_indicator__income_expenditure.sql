with

submitted as (
    {{ submitted_organisations('income_expenditure') }}
),

-- The financial year up to and with the quarter.
year_to_date as (
    select
        mapping_quarter,
        organisation_code,
        sum(surplus_above_plan_gbp) as surplus_above_plan_gbp,
        max_by(annual_turnover_beside_surplus_gbp, month_start_date)
        filter (where annual_turnover_beside_surplus_gbp is not null) as annual_turnover_gbp
    from {{ ref('int_finance_months') }}
    group by mapping_quarter, organisation_code
),

final as (
    select
        submitted.organisation_code,
        submitted.quarter,
        year_to_date.surplus_above_plan_gbp as numerator,
        year_to_date.annual_turnover_gbp as denominator,
        cast(null as double) as expected,
        year_to_date.surplus_above_plan_gbp / nullif(year_to_date.annual_turnover_gbp, 0) as value,
        year_to_date.annual_turnover_gbp as volume,
        cast(null as double) as volume_limit,
        cast(null as double) as price_factor
    from submitted
    inner join year_to_date
        on
            submitted.organisation_code = year_to_date.organisation_code
            and submitted.quarter = year_to_date.mapping_quarter
)

select * from final
