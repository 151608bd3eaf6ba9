with

submissions as (
    select
        submission_id,
        period_start_date,
        period_end_date
    from {{ ref('int_submissions') }}
),

months as (
    select
        submission_id,
        month_start_date,
        quarter,
        is_effective
    from {{ ref('int_submission_months') }}
),

days as (
    select
        submission_id,
        {{ each_day('period_start_date', 'period_end_date') }} as row_date
    from submissions
),

-- A row without a date belongs to no month; it counts while its submission counts for any.
final as (
    select
        months.submission_id,
        days.row_date,
        months.quarter,
        months.is_effective
    from months
    inner join days
        on
            months.submission_id = days.submission_id
            and months.month_start_date = {{ month_start('days.row_date') }}
    union all
    select
        submission_id,
        cast(null as date) as row_date,
        cast(null as varchar) as quarter,
        bool_or(is_effective) as is_effective
    from months
    group by submission_id
)

select * from final
