with

submitted as (
    {{ submitted_organisations('staff_turnover') }}
),

months as (
    select
        *,
        row_number() over (
            partition by mapping_quarter, organisation_code
            order by month_start_date
        ) as month_of_year
    from {{ ref('int_staff_movement_months') }}
),

years as (
    select
        mapping_quarter,
        organisation_code,
        sum(leavers) as leavers,
        sum(headcount_end) as headcount_ends,
        sum(headcount_start) filter (where month_of_year = 1) as headcount_start,
        count(headcount_end) as n_month_ends
    from months
    group by mapping_quarter, organisation_code
),

-- Rulebook 5.9: turnover is known only with all of the thirteen month-ends.
complete as (
    select
        organisation_code,
        mapping_quarter as quarter,
        leavers,
        (headcount_start + headcount_ends) / 13.0 as mean_headcount
    from years
    where n_month_ends = 12 and headcount_start is not null
),

final as (
    select
        submitted.organisation_code,
        submitted.quarter,
        complete.leavers as numerator,
        complete.mean_headcount as denominator,
        cast(null as double) as expected,
        complete.leavers / nullif(complete.mean_headcount, 0) as value,
        complete.mean_headcount as volume,
        cast(null as double) as volume_limit,
        cast(null as double) as price_factor
    from submitted
    left join complete
        on
            submitted.organisation_code = complete.organisation_code
            and submitted.quarter = complete.quarter
)

select * from final
