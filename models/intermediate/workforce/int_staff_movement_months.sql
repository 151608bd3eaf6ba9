with

movement_rows as (
    select
        feed,
        submission_id,
        submitted_organisation_code,
        month_start_date,
        staff_group,
        headcount_start,
        headcount_end,
        leavers,
        {{ is_read('staff_turnover') }} as is_read
    from {{ ref('int_staff_movement_rows') }}
    where is_in_total and quarantine_rule is null
),

feed_months as (
    select
        mapping_quarter,
        feed,
        submitted_organisation_code,
        month_start_date,
        organisation_code
    from {{ ref('int_feed_months') }}
    where not is_set_aside
),

-- Rulebook 5.9: the local feed repeats a group's headcounts on the rows of its reasons,
-- so that the largest counts; leavers are of the row. The published feed's rows are each a figure:
-- where one cannot be read, none of the month is used, so that no leavers are not few leavers.
staff_groups as (
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        max(headcount_start) as headcount_start,
        max(headcount_end) as headcount_end,
        sum(leavers) as leavers
    from movement_rows
    where feed = 'esr_movement' and is_read
    group by feed, submission_id, submitted_organisation_code, month_start_date, staff_group
    union all
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        sum(headcount_start) as headcount_start,
        sum(headcount_end) as headcount_end,
        sum(leavers) as leavers
    from movement_rows
    where feed = 'nhse_turnover'
    group by feed, submitted_organisation_code, month_start_date
    having bool_and(is_read)
),

-- Who reports staff and nobody who left has none that left.
final as (
    select
        feed_months.mapping_quarter,
        feed_months.organisation_code,
        feed_months.month_start_date,
        feed_months.feed,
        sum(staff_groups.headcount_start) as headcount_start,
        sum(staff_groups.headcount_end) as headcount_end,
        coalesce(sum(staff_groups.leavers), 0) as leavers
    from staff_groups
    inner join feed_months
        on
            staff_groups.feed = feed_months.feed
            and staff_groups.submitted_organisation_code = feed_months.submitted_organisation_code
            and staff_groups.month_start_date = feed_months.month_start_date
    group by
        feed_months.mapping_quarter, feed_months.organisation_code, feed_months.month_start_date,
        feed_months.feed
)

select * from final
