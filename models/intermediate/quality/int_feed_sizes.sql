with

row_counts as (
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        size
    from {{ ref('int_row_counts') }}
    where quarantine_rule is null
),

staff_movements as (
    select
        feed,
        submission_id,
        submitted_organisation_code,
        month_start_date,
        staff_group,
        headcount_start
    from {{ ref('int_staff_movement_rows') }}
    where is_in_total and quarantine_rule is null
),

feed_months as (
    select
        mapping_quarter,
        quarters_back,
        feed,
        submitted_organisation_code,
        organisation_code,
        month_start_date
    from {{ ref('int_feed_months') }}
    where not is_set_aside and quarters_back <= 1
),

feeds as (
    select
        feed,
        subject
    from {{ ref('int_feeds') }}
),

subject_quarters as (
    select
        subject,
        organisation_code,
        quarter,
        feed,
        n_months,
        last_month_start_date
    from {{ ref('int_subject_quarters') }}
),

quarters as (
    select
        quarter,
        quarter_end_date
    from {{ ref('int_quarters') }}
),

open_organisations as (
    select
        organisation_code,
        quarter,
        organisation_class
    from {{ ref('int_open_organisations') }}
    where organisation_class is not null
),

-- Rulebook 5.9: the rows of a staff group repeat its headcount, one row a reason of leaving.
staff_groups as (
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        max(headcount_start) as headcount_start
    from staff_movements
    group by feed, submission_id, submitted_organisation_code, month_start_date, staff_group
),

figures as (
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        size
    from row_counts
    union all
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        cast(headcount_start as double) as size
    from staff_groups
),

-- A month in which no figure was read is no month present.
months as (
    select
        feeds.subject,
        feed_months.mapping_quarter,
        feed_months.quarters_back,
        feed_months.organisation_code,
        feed_months.month_start_date,
        sum(figures.size) as size
    from figures
    inner join feed_months
        on
            figures.feed = feed_months.feed
            and figures.submitted_organisation_code = feed_months.submitted_organisation_code
            and figures.month_start_date = feed_months.month_start_date
    inner join feeds
        on figures.feed = feeds.feed
    where figures.size is not null
    group by
        feeds.subject, feed_months.mapping_quarter, feed_months.quarters_back,
        feed_months.organisation_code, feed_months.month_start_date
),

totals as (
    select
        subject,
        organisation_code,
        mapping_quarter as quarter,
        avg(size) filter (where quarters_back = 0) as size_per_month,
        avg(size) filter (where quarters_back = 1) as preceding_size_per_month
    from months
    group by subject, organisation_code, mapping_quarter
),

-- One month with rows, the quarter's last, is how a return of the whole quarter is dated.
final as (
    select
        totals.subject,
        subject_quarters.feed,
        totals.organisation_code,
        open_organisations.organisation_class,
        totals.quarter,
        totals.size_per_month,
        totals.preceding_size_per_month,
        case
            when
                subject_quarters.n_months = 1
                and subject_quarters.last_month_start_date
                = {{ month_start('quarters.quarter_end_date') }}
                then totals.size_per_month / 3
            else totals.size_per_month
        end as size_per_month_stood_for
    from totals
    inner join subject_quarters
        on
            totals.subject = subject_quarters.subject
            and totals.organisation_code = subject_quarters.organisation_code
            and totals.quarter = subject_quarters.quarter
    inner join quarters
        on totals.quarter = quarters.quarter
    inner join open_organisations
        on
            totals.organisation_code = open_organisations.organisation_code
            and totals.quarter = open_organisations.quarter
    where totals.size_per_month is not null
)

select * from final
