with

results as (
    select
        indicator_id,
        organisation_code,
        organisation_class,
        quarter,
        value
    from {{ ref('int_shown_results') }}
    where publication_status in ('published', 'caveat') and disclosure_status = 'shown'
),

-- Rulebook 10.3: an area's series is of its values as published; the crude one that England is
-- followed by is of its published parts, since a decimal of it says little.
area_values as (
    select
        indicator_id,
        area_level,
        area_code,
        organisation_class,
        quarter,
        numerator / nullif(denominator, 0) as crude_value,
        value
    from {{ ref('pub_fct_area_values') }}
),

{{ trend_points('results', 'area_values') }}

select * from trend_points
