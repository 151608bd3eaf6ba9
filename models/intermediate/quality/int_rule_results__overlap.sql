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

feeds as (
    select
        feed,
        subject,
        precedence
    from {{ ref('int_feeds') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

organisations as (
    select
        organisation_code,
        organisation_class
    from {{ ref('int_organisations') }}
),

-- Where the local format covers the month the published one is no series (interfaces 5.1.7).
mapped as (
    select
        series.*,
        organisation_map.organisation_code,
        feeds.subject
    from series
    inner join feeds
        on series.feed = feeds.feed
    inner join organisation_map
        on
            series.submitted_organisation_code = organisation_map.code
            and series.quarter = organisation_map.quarter
    qualify dense_rank() over (
        partition by
            feeds.subject, organisation_map.organisation_code, series.month_start_date
        order by feeds.precedence
    ) = 1
),

-- Rule V03 (interfaces 5.1.4 and 5.6.3): one code, one month, two series that both count.
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
