with

local_rows as (
    select
        submission_id,
        organisation_code,
        {{ month_start('row_date') }} as month_start_date,
        staff_group,
        headcount_start,
        headcount_end,
        leaver_headcount,
        leaving_reason
    from {{ ref('int_rows__esr_movement') }}
    where is_effective and row_date is not null
),

published_rows as (
    select
        organisation_code,
        {{ month_start('row_date') }} as month_start_date,
        lower(figure_type) as figure_type,
        headcount
    from {{ ref('int_rows__nhse_turnover') }}
    where is_effective and row_date is not null and lower(staff_group) = 'all staff groups'
),

leaving_reasons as (
    select leaving_reason from {{ ref('leaving_reasons') }}
    where not counts_as_turnover
),

-- Interfaces 5.5, BCBV09: headcounts are repeated on the rows of the reasons, leavers are not.
staff_groups as (
    select
        local_rows.submission_id,
        local_rows.organisation_code,
        local_rows.month_start_date,
        local_rows.staff_group,
        max(local_rows.headcount_start) as headcount_start,
        max(local_rows.headcount_end) as headcount_end,
        sum(local_rows.leaver_headcount) filter (where leaving_reasons.leaving_reason is null)
            as leavers
    from local_rows
    left join leaving_reasons
        on local_rows.leaving_reason = leaving_reasons.leaving_reason
    group by
        local_rows.submission_id, local_rows.organisation_code, local_rows.month_start_date,
        local_rows.staff_group
),

-- An organisation's published figure is its row for all staff, never the sum of the groups.
movements as (
    select
        'esr_movement' as feed,
        organisation_code as code,
        month_start_date,
        sum(headcount_start) as headcount_start,
        sum(headcount_end) as headcount_end,
        coalesce(sum(leavers), 0) as leavers
    from staff_groups
    group by organisation_code, month_start_date
    union all
    select
        'nhse_turnover' as feed,
        organisation_code as code,
        month_start_date,
        sum(headcount) filter (where figure_type = 'denominator at start of period')
            as headcount_start,
        sum(headcount) filter (where figure_type = 'denominator at end of period')
            as headcount_end,
        coalesce(sum(headcount) filter (where figure_type = 'leavers'), 0) as leavers
    from published_rows
    group by organisation_code, month_start_date
),

{{ mapped_months('movements', months_before=9) }},

final as (
    select
        mapping_quarter,
        organisation_code,
        month_start_date,
        min(feed) as feed,
        sum(headcount_start) as headcount_start,
        sum(headcount_end) as headcount_end,
        sum(leavers) as leavers
    from mapped_months
    group by mapping_quarter, organisation_code, month_start_date
)

select * from final
