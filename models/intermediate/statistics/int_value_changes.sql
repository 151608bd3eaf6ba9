with

points as (
    select
        indicator_id,
        area_code as organisation_code,
        organisation_class,
        quarter,
        trend_value as value,
        direction
    from {{ ref('int_trend_points') }}
    where area_level = 'organisation'
),

ranks as (
    select
        indicator_id,
        organisation_code,
        quarter,
        national_rank
    from {{ ref('int_indicators_benchmarked') }}
),

intervals as (
    select
        indicator_id,
        organisation_code,
        quarter,
        transformed_value,
        transformed_standard_error
    from {{ ref('int_indicator_intervals') }}
),

indicators as (
    select
        indicator_id,
        is_overlapping
    from {{ ref('indicators') }}
),

quarters as (
    select
        quarter,
        previous_quarter
    from {{ ref('int_quarters') }}
),

parameters as (
    select {{ parameter('z_95') }} as z_95
),

-- Rulebook 9.12: figures of overlapping windows share most of their events, so that the error of a
-- difference is not that of two figures on their own.
figures as (
    select
        points.indicator_id,
        points.organisation_code,
        points.organisation_class,
        points.quarter,
        points.value,
        points.direction,
        quarters.previous_quarter,
        ranks.national_rank,
        case when not indicators.is_overlapping then intervals.transformed_value end
            as transformed_value,
        intervals.transformed_standard_error as standard_error
    from points
    inner join indicators
        on points.indicator_id = indicators.indicator_id
    left join quarters
        on points.quarter = quarters.quarter
    left join ranks
        on
            points.indicator_id = ranks.indicator_id
            and points.organisation_code = ranks.organisation_code
            and points.quarter = ranks.quarter
    left join intervals
        on
            points.indicator_id = intervals.indicator_id
            and points.organisation_code = intervals.organisation_code
            and points.quarter = intervals.quarter
),

changes as (
    select
        figures.indicator_id,
        figures.organisation_code,
        figures.organisation_class,
        figures.quarter,
        figures.direction,
        previous_figures.value as previous_value,
        figures.value - previous_figures.value as change,
        (figures.transformed_value - previous_figures.transformed_value)
        / sqrt(
            figures.standard_error * figures.standard_error
            + previous_figures.standard_error * previous_figures.standard_error
        ) as change_z,
        figures.national_rank - previous_figures.national_rank as rank_change,
        coalesce(
            case figures.direction
                when 'lower'
                    then
                        {{ comparable('figures.value') }}
                        < {{ comparable('previous_figures.value') }}
                when 'higher'
                    then
                        {{ comparable('figures.value') }}
                        > {{ comparable('previous_figures.value') }}
            end,
            false
        ) as is_improved
    from figures
    left join figures as previous_figures
        on
            figures.indicator_id = previous_figures.indicator_id
            and figures.organisation_code = previous_figures.organisation_code
            and figures.organisation_class = previous_figures.organisation_class
            and figures.previous_quarter = previous_figures.quarter
),

-- A quarter without an improvement, or with nothing before it, ends a run: those after it count
-- from there.
runs as (
    select
        *,
        sum(case when is_improved then 0 else 1 end) over (
            partition by indicator_id, organisation_code, organisation_class
            order by quarter
        ) as run_number
    from changes
),

placed as (
    select
        *,
        row_number() over (
            partition by indicator_id, organisation_code, organisation_class, run_number
            order by quarter
        ) as place_in_run
    from runs
),

final as (
    select
        placed.indicator_id,
        placed.organisation_code,
        placed.organisation_class,
        placed.quarter,
        placed.previous_value,
        placed.change,
        placed.change_z,
        {{ comparable('abs(placed.change_z)') }} > {{ comparable('parameters.z_95') }}
            as is_change_significant,
        placed.rank_change,
        case when placed.direction <> 'context' then placed.place_in_run - 1 end
            as quarters_improving
    from placed
    cross join parameters
)

select * from final
