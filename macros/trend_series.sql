{% macro trend_points(results, area_values) -%}
    {#-
        CTEs, the last of them `trend_points`: the points of the series of organisations and areas, and the segment that
        each is of (Rulebook 9.10). results: CTE with indicator_id, organisation_code, organisation_class, quarter and
        value of the rows that are points. area_values: CTE with the keys of areas, crude_value and value.
    -#}
indicators as (
    select
        indicator_id,
        direction,
        is_standardised and value_scale = 100 as is_index,
        trend_method
    from {{ ref('indicators') }}
),

process_changes as (
    select
        indicator_id,
        quarter
    from {{ ref('process_changes') }}
),

-- Rulebook 9.10: England against its own mean is 100 whatever happens, so that of an index the
-- crude value is followed there.
points as (
    select
        indicator_id,
        'organisation' as area_level,
        organisation_code as area_code,
        organisation_class,
        quarter,
        value as trend_value
    from {{ results }}
    union all
    select
        area_values.indicator_id,
        area_values.area_level,
        area_values.area_code,
        area_values.organisation_class,
        area_values.quarter,
        case
            when area_values.area_level = 'england' and indicators.is_index
                then area_values.crude_value
            else area_values.value
        end as trend_value
    from {{ area_values }} as area_values
    inner join indicators
        on area_values.indicator_id = indicators.indicator_id
),

-- The last change at or before each quarter: it is another one where a segment begins, also where
-- the changes fell into quarters without a point.
quarters as (
    select distinct
        indicator_id,
        quarter
    from points
),

changes as (
    select
        quarters.indicator_id,
        quarters.quarter,
        max(process_changes.quarter) as changed_in_quarter
    from quarters
    left join process_changes
        on
            quarters.quarter >= process_changes.quarter
            and quarters.indicator_id
            = coalesce(process_changes.indicator_id, quarters.indicator_id)
    group by quarters.indicator_id, quarters.quarter
),

trend_points as (
    select
        points.indicator_id,
        points.area_level,
        points.area_code,
        points.organisation_class,
        points.quarter,
        points.trend_value,
        indicators.direction,
        indicators.trend_method,
        min(points.quarter) over (
            partition by
                points.indicator_id, points.area_level, points.area_code,
                points.organisation_class, changes.changed_in_quarter
        ) as segment_from_quarter
    from points
    inner join indicators
        on points.indicator_id = indicators.indicator_id
    inner join changes
        on points.indicator_id = changes.indicator_id and points.quarter = changes.quarter
    where points.trend_value is not null
)
{%- endmacro %}


{% macro trend_signals(points) -%}
    {#-
        CTEs, the last of them `trend_signals`: mean, limits and signals of each point, in words of the indicator
        (Rulebook 9.11). points: CTE of the points.
    -#}
{{ xmr(
    points,
    ['indicator_id', 'area_level', 'area_code', 'organisation_class', 'segment_from_quarter'],
    'quarter', 'trend_value'
) }},

-- Rulebook 9.11: windows that overlap and running sums are not points of one process, nor is a
-- population that steps each year.
followed as (
    select
        *,
        trend_method = 'xmr' as is_followed
    from xmr
),

trend_signals as (
    select
        indicator_id,
        area_level,
        area_code,
        organisation_class,
        quarter,
        trend_value,
        segment_from_quarter,
        n_points,
        case when is_followed then mean end as mean,
        case when is_followed then lower_limit end as lower_limit,
        case when is_followed then upper_limit end as upper_limit,
        is_trial,
        case when is_followed then signal end as signal,
        case
            when not is_followed or mean is null then null
            when signal is null then 'common_cause'
            when direction = 'context' then 'neutral'
            when signal_side = case direction when 'higher' then 1 else -1 end
                then 'improvement'
            else 'concern'
        end as variation
    from followed
)
{%- endmacro %}


{% macro value_changes(trend_points, ranks) -%}
    {#-
        CTEs, the last of them `value_changes`: how each point of an organisation differs from that of the quarter before
        (Rulebook 9.12). trend_points: relation as int_trend_points; ranks: relation by indicator, organisation and quarter
        with national_rank.
    -#}
points as (
    select
        indicator_id,
        area_code as organisation_code,
        organisation_class,
        quarter,
        trend_value as value,
        direction
    from {{ trend_points }}
    where area_level = 'organisation'
),

ranks as (
    select
        indicator_id,
        organisation_code,
        quarter,
        national_rank
    from {{ ranks }}
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

value_changes as (
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
{%- endmacro %}
