with

results as (
    select
        indicator_id,
        organisation_code,
        organisation_class,
        quarter,
        value
    from {{ ref('int_indicators_benchmarked') }}
    where publication_status in ('published', 'caveat')
),

area_values as (
    select
        indicator_id,
        area_level,
        area_code,
        organisation_class,
        quarter,
        crude_value,
        value
    from {{ ref('int_area_values') }}
),

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
    from results
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
    from area_values
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

final as (
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

select * from final
