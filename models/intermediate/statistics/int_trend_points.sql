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

{{ trend_points('results', 'area_values') }}

select * from trend_points
