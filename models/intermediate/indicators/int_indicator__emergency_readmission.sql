with

totals as (
    select * from {{ ref('int_standardised_totals') }}
    where short_name = 'emergency_readmission'
),

final as (
    select
        organisation_code,
        quarter,
        observed as numerator,
        n_spells as denominator,
        expected,
        100.0 * observed / nullif(expected, 0) as value,
        expected / 100 as volume,
        cast(null as double) as volume_limit,
        cast(null as double) as price_factor
    from totals
)

select * from final
