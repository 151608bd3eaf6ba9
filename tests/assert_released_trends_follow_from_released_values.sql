-- Rulebook 10.1: what a release says of a series can be worked out from what it shows, to the
-- rounding; so that no hidden point is in a mean, a number of points, a change or a rank before.
with

steps as (
    select
        indicator_id,
        case when value_decimals = 1 then 0.1 else 0.001 end as step
    from {{ ref('pub_dim_indicator') }}
),

organisations as (
    select
        trends.*,
        results.value,
        results.national_rank,
        quarters.previous_quarter,
        steps.step,
        avg(results.value) over segment as segment_mean,
        count(*) over segment as segment_points
    from {{ ref('pub_fct_indicator_trend') }} as trends
    inner join steps
        on trends.indicator_id = steps.indicator_id
    inner join {{ ref('pub_dim_quarter') }} as quarters
        on trends.quarter = quarters.quarter
    left join {{ ref('pub_fct_indicator_values') }} as results
        on
            trends.indicator_id = results.indicator_id
            and trends.area_code = results.organisation_code
            and trends.quarter = results.quarter
            and results.disclosure_status = 'shown'
    where trends.area_level = 'organisation' and trends.disclosure_status = 'shown'
    window segment as (
        partition by
            trends.indicator_id, trends.area_code, trends.organisation_class,
            trends.segment_from_quarter
    )
),

areas as (
    select
        trends.*,
        case
            when
                trends.area_level = 'england'
                and indicators.is_standardised
                and indicators.value_scale = 100
                then results.numerator / nullif(results.denominator, 0)
            else results.value
        end as value
    from {{ ref('pub_fct_indicator_trend') }} as trends
    inner join {{ ref('pub_dim_indicator') }} as indicators
        on trends.indicator_id = indicators.indicator_id
    left join {{ ref('pub_fct_area_values') }} as results
        on
            trends.indicator_id = results.indicator_id
            and trends.area_level = results.area_level
            and trends.area_code = results.area_code
            and trends.organisation_class = results.organisation_class
            and trends.quarter = results.quarter
    where trends.area_level <> 'organisation'
),

final as (
    select
        own.indicator_id,
        own.area_code,
        own.quarter
    from organisations as own
    left join organisations as previous
        on
            own.indicator_id = previous.indicator_id
            and own.area_code = previous.area_code
            and own.organisation_class = previous.organisation_class
            and own.previous_quarter = previous.quarter
    where
        own.trend_value is distinct from own.value
        or own.n_points <> own.segment_points
        or abs(own.mean - own.segment_mean) > own.step * 1.001
        or own.previous_value is distinct from previous.value
        or abs(own.change - (own.value - previous.value)) > own.step * 1.501
        or (own.change is null) <> (previous.value is null)
        or own.rank_change is distinct from own.national_rank - previous.national_rank
    union all
    select
        indicator_id,
        area_code,
        quarter
    from areas
    where value is null or abs(trend_value - value) > 0.0500001
)

select * from final
