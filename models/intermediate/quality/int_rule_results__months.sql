with

subject_quarters as (
    select * from {{ ref('int_subject_quarters') }}
),

open_organisations as (
    select
        organisation_code,
        quarter
    from {{ ref('int_open_organisations') }}
    where organisation_class is not null
),

submission_months as (
    select
        feed,
        quarter,
        month_start_date
    from {{ ref('int_submission_months') }}
    where is_effective
),

feeds as (
    select
        feed,
        subject
    from {{ ref('int_feeds') }}
),

covered as (
    select
        feeds.subject,
        submission_months.quarter,
        count(distinct submission_months.month_start_date) as n_months
    from submission_months
    inner join feeds
        on submission_months.feed = feeds.feed
    group by feeds.subject, submission_months.quarter
),

-- Prescribing is published for everybody by month: a month that it covers has rows of every PCT.
prescribing as (
    select
        subject_quarters.organisation_code,
        subject_quarters.feed,
        subject_quarters.quarter,
        covered.n_months as n_checked,
        covered.n_months - subject_quarters.n_months as n_failed
    from subject_quarters
    inner join covered
        on
            subject_quarters.subject = covered.subject
            and subject_quarters.quarter = covered.quarter
    where subject_quarters.subject = 'epact'
),

-- Some report these by month and some by quarter: each is held against its own quarter before.
returns as (
    select
        organisation_code,
        feed,
        quarter,
        preceding_n_months as n_checked,
        greatest(preceding_n_months - n_months, 0) as n_failed
    from subject_quarters
    where
        subject in ('finance', 'bppc', 'procurement')
        and preceding_n_months is not null
),

-- Rules C01 and C02: the same count, amber for a ratio and red for a rate per head.
months as (
    select
        'C01' as rule_id,
        prescribing.*
    from prescribing
    union all
    select
        'C01' as rule_id,
        returns.*
    from returns
    union all
    select
        'C02' as rule_id,
        prescribing.*
    from prescribing
),

counted as (
    select months.*
    from months
    inner join open_organisations
        on
            months.organisation_code = open_organisations.organisation_code
            and months.quarter = open_organisations.quarter
),

{{ rated_rules('counted') }}

select * from final
