with

submitted as (
    select
        'finance' as feed,
        organisation_code as code,
        {{ month_start('row_date') }} as month_start_date,
        agency_pay_gbp,
        total_pay_gbp,
        closing_cash_gbp - closing_cash_plan_gbp as cash_above_plan_gbp,
        surplus_gbp - surplus_plan_gbp as surplus_above_plan_gbp,
        annual_turnover_gbp
    from {{ ref('int_rows__finance') }}
    where is_effective and row_date is not null
),

-- A quarter looks back over the financial year to date.
{{ mapped_months('submitted', months_before=9) }},

final as (
    select
        mapping_quarter,
        month_quarter,
        organisation_code,
        month_start_date,
        sum(agency_pay_gbp) as agency_pay_gbp,
        sum(total_pay_gbp) as total_pay_gbp,
        sum(cash_above_plan_gbp) as cash_above_plan_gbp,
        sum(surplus_above_plan_gbp) as surplus_above_plan_gbp,
        sum(annual_turnover_gbp) as annual_turnover_gbp
    from mapped_months
    where left(month_quarter, 7) = left(mapping_quarter, 7)
    group by mapping_quarter, month_quarter, organisation_code, month_start_date
)

select * from final
