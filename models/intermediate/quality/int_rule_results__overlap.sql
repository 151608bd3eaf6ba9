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
months as (
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

final as (
    select
        'V03' as rule_id,
        months.organisation_code,
        months.feed,
        months.quarter,
        count(*) as n_checked,
        count(*) filter (where months.is_sent_twice) as n_failed,
        cast(count(*) filter (where months.is_sent_twice) as double) / count(*) as rate,
        {{ rule_outcome(
            'bool_or(months.is_sent_twice) and months.feed not in (' ~ activity_feeds() ~ ')',
            'bool_or(months.is_sent_twice)'
        ) }} as outcome
    from months
    inner join organisations
        on
            months.organisation_code = organisations.organisation_code
            and (
                organisations.organisation_class = 'trust'
                or months.feed not in ({{ activity_feeds() }})
            )
    group by months.organisation_code, months.feed, months.quarter
)

select * from final
