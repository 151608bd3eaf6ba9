with

months as (
    select * from {{ ref('int_sickness_months') }}
),

totals as (
    select
        mapping_quarter,
        month_quarter,
        organisation_code,
        min(feed) as feed,
        count(*) as n_months,
        sum(fte_days_lost) as fte_days_lost,
        sum(fte_days_available) as fte_days_available
    from months
    group by mapping_quarter, month_quarter, organisation_code
),

final as (
    select
        current_totals.organisation_code,
        current_totals.month_quarter as quarter,
        current_totals.feed,
        current_totals.n_months,
        current_totals.fte_days_lost,
        current_totals.fte_days_available,
        current_totals.fte_days_available
        / current_totals.n_months as fte_days_available_per_month,
        previous_totals.fte_days_available
        / previous_totals.n_months as preceding_fte_days_available_per_month
    from totals as current_totals
    left join totals as previous_totals
        on
            current_totals.mapping_quarter = previous_totals.mapping_quarter
            and current_totals.organisation_code = previous_totals.organisation_code
            and previous_totals.month_quarter <> previous_totals.mapping_quarter
    where current_totals.month_quarter = current_totals.mapping_quarter
)

select * from final
