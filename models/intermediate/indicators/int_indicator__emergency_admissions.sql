with

totals as (
    select
        organisation_code,
        quarter,
        observed,
        expected,
        population,
        mean_cost_gbp,
        reference_mean_cost_gbp
    from {{ ref('int_population_totals') }}
    where short_name = 'emergency_admissions'
),

-- The price is the mean cost of the PCT's own cases; where none has a cost, of the reference's.
final as (
    select
        organisation_code,
        quarter,
        observed as numerator,
        population as denominator,
        expected,
        100.0 * observed / nullif(expected, 0) as value,
        expected / 100 as volume,
        cast(null as double) as volume_limit,
        coalesce(mean_cost_gbp, reference_mean_cost_gbp) as price_factor
    from totals
)

select * from final
