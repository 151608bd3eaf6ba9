with

opportunities as (
    select * from {{ ref('int_area_opportunities') }}
),

final as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        opportunity_quarter_gbp,
        opportunity_annual_gbp
    from opportunities
)

select * from final
