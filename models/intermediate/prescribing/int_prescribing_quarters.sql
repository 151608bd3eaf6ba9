with

practices as (
    select * from {{ ref('int_practice_prescribing') }}
),

final as (
    select
        organisation_code,
        quarter,
        group_id,
        sum(items) as items,
        sum(net_ingredient_cost_gbp) as net_ingredient_cost_gbp
    from practices
    group by organisation_code, quarter, group_id
)

select * from final
