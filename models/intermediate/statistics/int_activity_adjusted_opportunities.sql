with

settings as (
    select {{ text_parameter('base_quarter') }} as base_quarter
),

results as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        results.distance,
        results.volume,
        results.volume_limit,
        results.unit_price_gbp
    from {{ ref('int_indicators_benchmarked') }} as results
    cross join settings
    where
        results.opportunity_quarter_gbp is not null
        and results.quarter >= settings.base_quarter
),

-- Rulebook 9.14: without pounds in the base quarter, the first later quarter with some counts.
activity as (
    select
        indicator_id,
        organisation_code,
        quarter as activity_quarter,
        volume,
        volume_limit,
        unit_price_gbp
    from results
    qualify
        row_number() over (partition by indicator_id, organisation_code order by quarter) = 1
),

final as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        activity.activity_quarter,
        activity.unit_price_gbp
        * {{ excess_units('results.distance', 'activity.volume', 'activity.volume_limit') }}
            as opportunity_quarter_activity_adjusted_gbp
    from results
    inner join activity
        on
            results.indicator_id = activity.indicator_id
            and results.organisation_code = activity.organisation_code
)

select * from final
