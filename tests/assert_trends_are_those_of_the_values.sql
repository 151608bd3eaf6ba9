-- Every value that is published or has a caveat, and every area's, is one point of a trend and no
-- other is. Segments begin where a change of process lies between two points. Mean and limits of a
-- segment, and what is outside them, worked out again point by point; the change since the quarter
-- before, its error, the places gained or lost and how long it has been improving.
{% set series = ['indicator_id', 'area_level', 'area_code', 'organisation_class'] -%}
with

wanted_points as (
    select
        indicator_id,
        'organisation' as area_level,
        organisation_code as area_code,
        organisation_class,
        quarter,
        value as trend_value
    from {{ ref('fct_indicator_values') }}
    where publication_status in ('published', 'caveat')
    union all
    select
        areas.indicator_id,
        areas.area_level,
        areas.area_code,
        areas.organisation_class,
        areas.quarter,
        case
            when areas.area_level = 'england' and indicators.unit = 'index' then areas.crude_value
            else areas.value
        end as trend_value
    from {{ ref('fct_area_values') }} as areas
    inner join {{ ref('dim_indicator') }} as indicators
        on areas.indicator_id = indicators.indicator_id
    where areas.value is not null
),

missing_or_other as (
    select
        coalesce(wanted_points.indicator_id, found.indicator_id) as indicator_id,
        coalesce(wanted_points.area_code, found.area_code) as area_code,
        coalesce(wanted_points.quarter, found.quarter) as quarter,
        'point' as what
    from wanted_points
    full outer join {{ ref('fct_indicator_trend') }} as found
        on
            {% for key in series + ['quarter'] -%}
                wanted_points.{{ key }} = found.{{ key }}
                {% if not loop.last %}and {% endif -%}
            {% endfor %}
    where {{ differs('found.trend_value', 'wanted_points.trend_value') }}
),

points as (
    select
        *,
        row_number() over (
            partition by {{ series | join(', ') }}
            order by quarter
        ) as place
    from {{ ref('fct_indicator_trend') }}
),

-- Each beside the one before it, and whether a change lies between them.
pairs as (
    select
        points.indicator_id,
        points.area_level,
        points.area_code,
        points.organisation_class,
        points.quarter,
        points.trend_value,
        points.segment_from_quarter,
        previous_points.trend_value as earlier_value,
        previous_points.segment_from_quarter as earlier_segment,
        count(changes.quarter) > 0 as is_cut
    from points
    left join points as previous_points
        on
            {% for key in series -%}
                points.{{ key }} = previous_points.{{ key }}
                and {% endfor -%}
            points.place = previous_points.place + 1
    left join {{ ref('process_changes') }} as changes
        on
            points.indicator_id = coalesce(changes.indicator_id, points.indicator_id)
            and points.quarter >= changes.quarter
            and previous_points.quarter < changes.quarter
    group by
        points.indicator_id, points.area_level, points.area_code, points.organisation_class,
        points.quarter, points.trend_value, points.segment_from_quarter,
        previous_points.trend_value, previous_points.segment_from_quarter
),

wrong_segments as (
    select
        indicator_id,
        area_code,
        quarter,
        'segment' as what
    from pairs
    where
        segment_from_quarter
        <> case when earlier_segment is null or is_cut then quarter else earlier_segment end
),

ranges as (
    select
        *,
        case when earlier_segment = segment_from_quarter then abs(trend_value - earlier_value) end
            as moving_range
    from pairs
),

segments as (
    select
        {{ series | join(', ') }},
        segment_from_quarter,
        count(*) as n_points,
        sum(trend_value) / count(*) as mean,
        sum(moving_range) / nullif(count(moving_range), 0) as mean_range
    from ranges
    group by {{ series | join(', ') }}, segment_from_quarter
),

screened as (
    select
        segments.*,
        (
            select sum(ranges.moving_range) / nullif(count(ranges.moving_range), 0)
            from ranges
            where
                {% for key in series + ['segment_from_quarter'] -%}
                    ranges.{{ key }} = segments.{{ key }}
                    and {% endfor -%}
                {{ comparable('ranges.moving_range') }}
                < {{ comparable(parameter('xmr_range_limit_factor') ~ ' * segments.mean_range') }}
        ) as screened_range
    from segments
),

charts as (
    select
        screened.*,
        indicators.trend_method = 'xmr'
        and screened.n_points >= {{ parameter('xmr_min_points') }} as has_mean,
        {{ parameter('xmr_limit_factor') }} * screened.screened_range as limit_distance
    from screened
    inner join {{ ref('indicators') }} as indicators
        on screened.indicator_id = indicators.indicator_id
),

wrong_limits as (
    select
        points.indicator_id,
        points.area_code,
        points.quarter,
        'limits' as what
    from points
    inner join charts
        on
            {% for key in series + ['segment_from_quarter'] -%}
                points.{{ key }} = charts.{{ key }}
                {% if not loop.last %}and {% endif -%}
            {% endfor %}
    where
        points.n_points <> charts.n_points
        or {{ differs('points.mean', 'case when charts.has_mean then charts.mean end') }}
        or {{ differs(
            'points.lower_limit',
            'case when charts.has_mean then charts.mean - charts.limit_distance end'
        ) }}
        or {{ differs(
            'points.upper_limit',
            'case when charts.has_mean then charts.mean + charts.limit_distance end'
        ) }}
        or coalesce(points.signal = 'outside', false)
        <> coalesce(
            charts.has_mean
            and {{ comparable('abs(points.trend_value - charts.mean)') }}
            > {{ comparable('charts.limit_distance') }},
            false
        )
),

-- What a change is reckoned from; an overlapping window has no error of its own.
figures as (
    select
        points.*,
        indicators.direction,
        results.national_rank,
        case when not indicators.is_overlapping then intervals.transformed_value end
            as transformed_value,
        intervals.transformed_standard_error
    from points
    inner join {{ ref('indicators') }} as indicators
        on points.indicator_id = indicators.indicator_id
    inner join {{ ref('fct_indicator_values') }} as results
        on
            points.indicator_id = results.indicator_id
            and points.area_code = results.organisation_code
            and points.quarter = results.quarter
    inner join {{ ref('fct_indicator_statistics') }} as intervals
        on
            points.indicator_id = intervals.indicator_id
            and points.area_code = intervals.organisation_code
            and points.quarter = intervals.quarter
    where points.area_level = 'organisation'
),

wanted_changes as (
    select
        figures.*,
        previous_figures.trend_value as wanted_previous,
        figures.trend_value - previous_figures.trend_value as wanted_change,
        figures.national_rank - previous_figures.national_rank as wanted_rank_change,
        (figures.transformed_value - previous_figures.transformed_value)
        / sqrt(
            power(figures.transformed_standard_error, 2)
            + power(previous_figures.transformed_standard_error, 2)
        ) as wanted_z,
        case
            when figures.direction = 'context' then null
            when
                sign(
                    {{ comparable('figures.trend_value') }}
                    - {{ comparable('previous_figures.trend_value') }}
                )
                = case figures.direction when 'higher' then 1 else -1 end
                then coalesce(previous_figures.quarters_improving, 0) + 1
            else 0
        end as wanted_quarters_improving
    from figures
    left join {{ ref('int_quarters') }} as quarters
        on figures.quarter = quarters.quarter
    left join figures as previous_figures
        on
            figures.indicator_id = previous_figures.indicator_id
            and figures.area_code = previous_figures.area_code
            and figures.organisation_class = previous_figures.organisation_class
            and quarters.previous_quarter = previous_figures.quarter
),

wrong_changes as (
    select
        indicator_id,
        area_code,
        quarter,
        'change' as what
    from wanted_changes
    where
        {{ differs('previous_value', 'wanted_previous') }}
        or {{ differs('change', 'wanted_change') }}
        or {{ differs('change_z', 'wanted_z') }}
        or {{ differs('rank_change', 'wanted_rank_change') }}
        or {{ differs('quarters_improving', 'wanted_quarters_improving') }}
        or coalesce(
            is_change_significant
            <> ({{ comparable('abs(wanted_z)') }} > {{ comparable(parameter('z_95')) }}),
            (is_change_significant is null) <> (wanted_z is null)
        )
),

final as (
    select * from missing_or_other
    union all
    select * from wrong_segments
    union all
    select * from wrong_limits
    union all
    select * from wrong_changes
)

select * from final
