with

series as (
    select distinct
        feed,
        submission_id,
        submitted_organisation_code,
        quarter,
        month_start_date
    from {{ ref('int_submission_counts') }}
    where is_effective and quarter is not null
),

feed_months as (
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        organisation_code
    from {{ ref('int_feed_months') }}
    where quarters_back = 0 and not is_set_aside
),

organisations as (
    select
        organisation_code,
        organisation_class
    from {{ ref('int_organisations') }}
),

{{ shown_feeds() }},

-- Where the local format covers the month the published one is no series (Rulebook 1.7).
mapped as (
    select
        series.*,
        feed_months.organisation_code
    from series
    inner join feed_months
        on
            series.feed = feed_months.feed
            and series.submitted_organisation_code = feed_months.submitted_organisation_code
            and series.month_start_date = feed_months.month_start_date
),

-- Rule V03 (Rulebook 1.4 and 6.3): one code, one month, two series that both count.
code_months as (
    select
        feed,
        organisation_code,
        quarter,
        submitted_organisation_code,
        month_start_date,
        count(distinct submission_id) > 1 as is_sent_twice
    from mapped
    group by
        feed, organisation_code, quarter, submitted_organisation_code, month_start_date
),

placed_months as (
    select
        coalesce(shown_feeds.shown_feed, code_months.feed) as feed,
        code_months.organisation_code,
        code_months.quarter,
        code_months.month_start_date,
        code_months.is_sent_twice
    from code_months
    left join shown_feeds
        on
            code_months.feed = shown_feeds.feed
            and code_months.organisation_code = shown_feeds.organisation_code
            and code_months.quarter = shown_feeds.quarter
),

months as (
    select
        placed_months.feed,
        placed_months.organisation_code,
        placed_months.quarter,
        placed_months.month_start_date,
        bool_or(placed_months.is_sent_twice) as is_sent_twice
    from placed_months
    inner join organisations
        on
            placed_months.organisation_code = organisations.organisation_code
            and (
                organisations.organisation_class = 'trust'
                or placed_months.feed not in ({{ activity_feeds() }})
            )
    group by
        placed_months.feed, placed_months.organisation_code, placed_months.quarter,
        placed_months.month_start_date
),

counted as (
    select
        'V03' as rule_id,
        organisation_code,
        feed,
        quarter,
        count(*) as n_checked,
        count(*) filter (where is_sent_twice) as n_failed
    from months
    group by organisation_code, feed, quarter
),

{{ rated_rules('counted') }}

select * from final
