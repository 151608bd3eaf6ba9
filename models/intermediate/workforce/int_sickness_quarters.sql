with

months as (
    select * from {{ ref('int_sickness_months') }}
),

feeds as (
    select
        feed,
        precedence
    from {{ ref('int_feeds') }}
),

-- A quarter whose months come from both feeds goes under the name of the local one.
totals as (
    select
        months.mapping_quarter,
        months.month_quarter,
        months.organisation_code,
        min_by(months.feed, feeds.precedence) as feed,
        count(*) as n_months,
        sum(months.fte_days_lost) as fte_days_lost,
        sum(months.fte_days_available) as fte_days_available,
        avg(months.all_fte_days_available) as fte_days_available_per_month
    from months
    inner join feeds
        on months.feed = feeds.feed
    group by months.mapping_quarter, months.month_quarter, months.organisation_code
),

final as (
    select
        current_totals.organisation_code,
        current_totals.month_quarter as quarter,
        current_totals.feed,
        current_totals.n_months,
        current_totals.fte_days_lost,
        current_totals.fte_days_available,
        current_totals.fte_days_available_per_month,
        previous_totals.fte_days_available_per_month as preceding_fte_days_available_per_month
    from totals as current_totals
    left join totals as previous_totals
        on
            current_totals.mapping_quarter = previous_totals.mapping_quarter
            and current_totals.organisation_code = previous_totals.organisation_code
            and previous_totals.month_quarter <> previous_totals.mapping_quarter
    where current_totals.month_quarter = current_totals.mapping_quarter
)

select * from final
