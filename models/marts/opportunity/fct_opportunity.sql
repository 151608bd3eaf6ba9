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
        opportunity_annual_gbp,
        opportunity_annual_at_median_gbp,
        opportunity_annual_at_best_decile_gbp,
        releasable_annual_gbp
    from opportunities
)

select * from final
