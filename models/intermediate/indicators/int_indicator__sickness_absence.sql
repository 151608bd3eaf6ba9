with

sickness_quarters as (
    select * from {{ ref('int_sickness_quarters') }}
),

final as (
    select
        organisation_code,
        quarter,
        fte_days_lost as numerator,
        fte_days_available as denominator,
        cast(null as double) as expected,
        fte_days_lost / nullif(fte_days_available, 0) as value,
        fte_days_available as volume,
        cast(null as double) as volume_limit,
        cast(null as double) as price_factor
    from sickness_quarters
)

select * from final
