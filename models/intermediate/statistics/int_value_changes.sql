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

{{ value_changes('points', 'ranks', 'intervals') }}

select * from value_changes
