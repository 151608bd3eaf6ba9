with

items as (
    select
        organisation_code,
        quarter,
        numerator,
        denominator,
        saving_per_item_gbp
    from {{ ref('int_drug_totals') }}
    where indicator_id = 'BCBV17'
),

final as (
    select
        organisation_code,
        quarter,
        numerator,
        denominator,
        cast(null as double) as expected,
        numerator / nullif(denominator, 0) as value,
        denominator as volume,
        cast(null as double) as volume_limit,
        saving_per_item_gbp as price_factor
    from items
)

select * from final
