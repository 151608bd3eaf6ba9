{{ config(materialized='view') }}

with

leaving_reasons as (
    select
        leaving_reason,
        counts_as_turnover
    from {{ ref('leaving_reasons') }}
),

-- A leaver whose reason is not given, or is none of the list, counts.
local_rows as (
    select
        'esr_movement' as feed,
        movements.submission_id,
        movements.line_number,
        movements.record_key,
        movements.quarter,
        {{ month_start('movements.row_date') }} as month_start_date,
        movements.submitted_organisation_code,
        movements.staff_group,
        movements.headcount_start,
        movements.headcount_end,
        case
            when coalesce(leaving_reasons.counts_as_turnover, true) then movements.leaver_headcount
        end as leavers,
        true as is_in_total,
        movements.unread_measures
    from {{ ref('int_rows__esr_movement') }} as movements
    left join leaving_reasons
        on movements.leaving_reason = leaving_reasons.leaving_reason
    where movements.is_effective
),

-- An organisation's published figure is its row for all staff, never the sum of the groups.
published_rows as (
    select
        'nhse_turnover' as feed,
        submission_id,
        line_number,
        record_key,
        quarter,
        {{ month_start('row_date') }} as month_start_date,
        submitted_organisation_code,
        staff_group,
        case when lower(figure_type) = 'denominator at start of period' then headcount end
            as headcount_start,
        case when lower(figure_type) = 'denominator at end of period' then headcount end
            as headcount_end,
        case when lower(figure_type) = 'leavers' then headcount end as leavers,
        coalesce(lower(staff_group) = 'all staff groups', false) as is_in_total,
        -- Which figure it is that cannot be read; joiners are no figure that is needed.
        case
            when unread_measures is null then null
            when lower(figure_type) = 'denominator at start of period' then 'headcount_start'
            when lower(figure_type) = 'denominator at end of period' then 'headcount_end'
            when lower(figure_type) = 'leavers' then 'leaver_headcount'
            else unread_measures
        end as unread_measures
    from {{ ref('int_rows__nhse_turnover') }}
    where is_effective
),

submitted as (
    select * from local_rows
    union all
    select * from published_rows
),

{{ placed_rows('submitted') }}

select * from placed_rows
