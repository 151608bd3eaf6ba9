with

feed_months as (
    select
        mapping_quarter,
        quarters_back,
        feed,
        organisation_code,
        month_start_date
    from {{ ref('int_feed_months') }}
    where
        not is_set_aside
        and quarters_back <= 1
        and feed not in ({{ activity_feeds() }})
),

feeds as (
    select
        feed,
        subject,
        precedence
    from {{ ref('int_feeds') }}
),

-- Earlier months under the mapping of the quarter itself (Rulebook 6.4).
totals as (
    select
        feeds.subject,
        feed_months.organisation_code,
        feed_months.mapping_quarter as quarter,
        min_by(feed_months.feed, feeds.precedence)
        filter (where feed_months.quarters_back = 0) as feed,
        count(distinct feed_months.month_start_date)
        filter (where feed_months.quarters_back = 0) as n_months,
        max(feed_months.month_start_date)
        filter (where feed_months.quarters_back = 0) as last_month_start_date,
        count(distinct feed_months.month_start_date)
        filter (where feed_months.quarters_back = 1) as preceding_n_months
    from feed_months
    inner join feeds
        on feed_months.feed = feeds.feed
    group by feeds.subject, feed_months.organisation_code, feed_months.mapping_quarter
),

final as (
    select
        subject,
        organisation_code,
        quarter,
        feed,
        n_months,
        last_month_start_date,
        nullif(preceding_n_months, 0) as preceding_n_months
    from totals
    where n_months > 0
)

select * from final
