with

finance_rows as (
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        {{ if_read('agency_spend', 'agency_pay_gbp') }} as agency_pay_gbp,
        {{ if_read('agency_spend', 'total_pay_gbp') }} as total_pay_gbp,
        {{ if_read('cash_flow', 'closing_cash_gbp - closing_cash_plan_gbp') }}
            as cash_above_plan_gbp,
        {{ if_read('cash_flow', 'annual_turnover_gbp') }} as annual_turnover_beside_cash_gbp,
        {{ if_read('income_expenditure', 'surplus_gbp - surplus_plan_gbp') }}
            as surplus_above_plan_gbp,
        {{ if_read('income_expenditure', 'annual_turnover_gbp') }}
            as annual_turnover_beside_surplus_gbp
    from {{ ref('int_finance_rows') }}
    where quarantine_rule is null
),

-- A quarter looks back over the financial year to date.
feed_months as (
    select
        mapping_quarter,
        month_quarter,
        feed,
        submitted_organisation_code,
        month_start_date,
        organisation_code
    from {{ ref('int_feed_months') }}
    where not is_set_aside and left(month_quarter, 7) = left(mapping_quarter, 7)
),

final as (
    select
        feed_months.mapping_quarter,
        feed_months.month_quarter,
        feed_months.organisation_code,
        feed_months.month_start_date,
        sum(finance_rows.agency_pay_gbp) as agency_pay_gbp,
        sum(finance_rows.total_pay_gbp) as total_pay_gbp,
        sum(finance_rows.cash_above_plan_gbp) as cash_above_plan_gbp,
        sum(finance_rows.annual_turnover_beside_cash_gbp) as annual_turnover_beside_cash_gbp,
        sum(finance_rows.surplus_above_plan_gbp) as surplus_above_plan_gbp,
        sum(finance_rows.annual_turnover_beside_surplus_gbp)
            as annual_turnover_beside_surplus_gbp
    from finance_rows
    inner join feed_months
        on
            finance_rows.feed = feed_months.feed
            and finance_rows.submitted_organisation_code = feed_months.submitted_organisation_code
            and finance_rows.month_start_date = feed_months.month_start_date
    group by
        feed_months.mapping_quarter, feed_months.month_quarter, feed_months.organisation_code,
        feed_months.month_start_date
)

select * from final
