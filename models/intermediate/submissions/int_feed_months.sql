with

submission_counts as (
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        quarter
    from {{ ref('int_submission_counts') }}
    where is_effective and quarter is not null
    group by feed, submitted_organisation_code, month_start_date, quarter
),

feeds as (
    select
        feed,
        subject,
        precedence
    from {{ ref('int_feeds') }}
),

quarters as (
    select
        quarter,
        quarter_start_date,
        quarter_end_date
    from {{ ref('int_quarters') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

-- Rulebook 6.4: a quarter that looks back sees earlier months under its own mapping; none looks
-- back further than the twelve months to its end.
seen as (
    select
        quarters.quarter as mapping_quarter,
        submission_counts.quarter as month_quarter,
        4 * (year(quarters.quarter_start_date) - year(submission_counts.month_start_date))
        + quarter(quarters.quarter_start_date)
        - quarter(submission_counts.month_start_date) as quarters_back,
        submission_counts.feed,
        submission_counts.submitted_organisation_code,
        submission_counts.month_start_date,
        organisation_map.organisation_code,
        feeds.subject,
        feeds.precedence
    from submission_counts
    inner join feeds
        on submission_counts.feed = feeds.feed
    inner join quarters
        on
            submission_counts.month_start_date <= quarters.quarter_end_date
            and submission_counts.month_start_date
            >= quarters.quarter_start_date - interval '9' month
    inner join organisation_map
        on
            submission_counts.submitted_organisation_code = organisation_map.code
            and quarters.quarter = organisation_map.quarter
),

-- Rulebook 1.7: where two feeds of a subject cover a month, only the first counts.
final as (
    select
        mapping_quarter,
        month_quarter,
        quarters_back,
        feed,
        submitted_organisation_code,
        month_start_date,
        organisation_code,
        precedence > min(precedence) over (
            partition by mapping_quarter, subject, organisation_code, month_start_date
        ) as is_set_aside
    from seen
)

select * from final
