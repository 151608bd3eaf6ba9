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
        current_quarter.organisation_code,
        current_quarter.month_quarter as quarter,
        current_quarter.feed,
        current_quarter.n_months,
        current_quarter.fte_days_lost,
        current_quarter.fte_days_available,
        current_quarter.fte_days_available
        / current_quarter.n_months as fte_days_available_per_month,
        preceding.fte_days_available / preceding.n_months as preceding_fte_days_available_per_month
    from totals as current_quarter
    left join totals as preceding
        on
            current_quarter.mapping_quarter = preceding.mapping_quarter
            and current_quarter.organisation_code = preceding.organisation_code
            and preceding.month_quarter <> preceding.mapping_quarter
    where current_quarter.month_quarter = current_quarter.mapping_quarter
)

select * from final
