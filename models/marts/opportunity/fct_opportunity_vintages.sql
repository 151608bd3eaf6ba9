with

released as (
    select * from {{ ref('int_released_values') }}
),

{{ released_sums() }},

england as (
    select * from released_sums
    union all
    select
        indicator_id,
        quarter,
        'current' as release,
        cast(null as timestamp) as published_at,
        opportunity_annual_gbp
    from {{ ref('fct_opportunity') }}
    where area_level = 'england'
),

final as (
    select
        indicator_id,
        'england' as area_code,
        quarter,
        release,
        published_at,
        opportunity_annual_gbp
    from england
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
