{% macro xmr(points, series, position, value) -%}
    {#-
        CTE xmr: an XmR chart of each series, as NHSRplotthedots draws it (Rulebook 9.10 and 9.11). The columns of
        the points, and n_points, mean, lower_limit, upper_limit, is_trial, signal (outside, trend, two_of_three,
        shift or null) and signal_side (1 where what the signal shows is high or rising, -1 low or falling).

        points: CTE without a missing value. series: columns that name a series and its segment; runs and ranges
        never cross from one to the next. position: column that orders it. value: column that is charted.
    -#}
    {%- set partition = 'partition by ' ~ series | join(', ') -%}
    xmr_parameters as (
        select
            {{ parameter('xmr_min_points') }} as min_points,
            {{ parameter('xmr_trial_points') }} as trial_points,
            {{ parameter('xmr_limit_factor') }} as limit_factor,
            {{ parameter('xmr_range_limit_factor') }} as range_limit_factor
    ),

    xmr_steps as (
        select
            *,
            {{ value }} - lag({{ value }}) over ordered as step,
            count(*) over whole as n_points,
            avg({{ value }}) over whole as whole_mean
        from {{ points }}
        window
            whole as (
                {{ partition }}
            ),
            ordered as (
                {{ partition }}
                order by {{ position }}
            )
    ),

    xmr_ranges as (
        select
            *,
            avg(abs(step)) over (
                {{ partition }}
            ) as mean_range
        from xmr_steps
    ),

    -- A jump would widen the limits that it should be seen against: large ranges go, once. Where
    -- all points are equal no range is left.
    xmr_screened as (
        select
            xmr_ranges.*,
            xmr_parameters.limit_factor,
            xmr_ranges.n_points >= xmr_parameters.min_points as is_long_enough,
            xmr_ranges.n_points < xmr_parameters.trial_points as is_trial,
            avg(
                case
                    when
                        {{ comparable('abs(xmr_ranges.step)') }}
                        < {{ comparable(
                            'xmr_parameters.range_limit_factor * xmr_ranges.mean_range'
                        ) }}
                        then abs(xmr_ranges.step)
                end
            ) over (
                {{ partition }}
            ) as screened_range
        from xmr_ranges
        cross join xmr_parameters
    ),

    xmr_limits as (
        select
            *,
            case when is_long_enough then whole_mean end as mean,
            case when is_long_enough then limit_factor * screened_range end as limit_distance
        from xmr_screened
    ),

    -- Which side of the mean, near a limit or outside, up or down from the point before: 1, -1, 0.
    xmr_places as (
        select
            *,
            case
                when {{ comparable(value) }} > {{ comparable('mean') }} then 1
                when {{ comparable(value) }} < {{ comparable('mean') }} then -1
                else 0
            end as side,
            {{ comparable('abs(' ~ value ~ ' - mean)') }}
            > {{ comparable('limit_distance') }} as is_outside,
            {{ comparable('abs(' ~ value ~ ' - mean)') }}
            > {{ comparable('limit_distance * 2 / 3') }} as is_beyond_two_thirds,
            case
                when {{ comparable('step') }} > 0 then 1
                when {{ comparable('step') }} < 0 then -1
                else 0
            end as step_side
        from xmr_limits
    ),

    -- Whether a run is complete at a point: six steps of one direction, seven points on one side,
    -- or three of which two are near the limit.
    xmr_run_ends as (
        select
            *,
            case when sum(step_side) over last_six = 6 then 1 else 0 end as ends_rise,
            case when sum(step_side) over last_six = -6 then 1 else 0 end as ends_fall,
            case when abs(sum(side) over last_seven) = 7 then 1 else 0 end as ends_shift,
            case
                when
                    abs(sum(side) over last_three) = 3
                    and sum(case when is_beyond_two_thirds and not is_outside then 1 else 0 end)
                        over last_three
                    >= 2
                    then 1
                else 0
            end as ends_pair
        from xmr_places
        window
            last_three as (
                {{ partition }}
                order by {{ position }}
                rows between 2 preceding and current row
            ),
            last_six as (
                {{ partition }}
                order by {{ position }}
                rows between 5 preceding and current row
            ),
            last_seven as (
                {{ partition }}
                order by {{ position }}
                rows between 6 preceding and current row
            )
    ),

    -- Every point of a run is flagged, so that each looks for an end among those that follow.
    xmr_runs as (
        select
            *,
            max(ends_rise) over next_seven = 1 as is_in_rise,
            max(ends_fall) over next_seven = 1 as is_in_fall,
            max(ends_shift) over next_seven = 1 as is_in_shift,
            max(ends_pair) over next_three = 1 as is_in_pair,
            lead(step_side) over ordered as next_step_side
        from xmr_run_ends
        window
            ordered as (
                {{ partition }}
                order by {{ position }}
            ),
            next_three as (
                {{ partition }}
                order by {{ position }}
                rows between current row and 2 following
            ),
            next_seven as (
                {{ partition }}
                order by {{ position }}
                rows between current row and 6 following
            )
    ),

    xmr_signals as (
        select
            *,
            case
                when limit_distance is null then null
                when is_outside then 'outside'
                when is_in_rise or is_in_fall then 'trend'
                when is_in_pair and is_beyond_two_thirds then 'two_of_three'
                when is_in_shift then 'shift'
            end as signal
        from xmr_runs
    ),

    -- A point that ends one trend and begins another counts to the later, which the next step is of.
    xmr as (
        select
            {{ star_except([
                'step', 'whole_mean', 'mean_range', 'limit_factor', 'is_long_enough', 'screened_range',
                'limit_distance', 'side', 'is_outside', 'is_beyond_two_thirds', 'step_side', 'ends_rise',
                'ends_fall', 'ends_shift', 'ends_pair', 'is_in_rise', 'is_in_fall', 'is_in_shift', 'is_in_pair',
                'next_step_side', 'signal'
            ]) }},
            mean - limit_distance as lower_limit,
            mean + limit_distance as upper_limit,
            signal,
            case
                when signal is null then null
                when signal <> 'trend' then side
                when is_in_rise and is_in_fall then next_step_side
                when is_in_rise then 1
                else -1
            end as signal_side
        from xmr_signals
    )
{%- endmacro %}
