with

items as (
    select
        organisation_code,
        quarter,
        numerator,
        priced_numerator,
        numerator_cost_gbp
    from {{ ref('int_drug_totals') }}
    where indicator_id = 'BCBV19'
),

-- People of 45 and over; null where no population of the organisation is known.
population as (
    select
        organisation_code,
        quarter,
        coalesce(sum(population) filter (
            where age_band = '85+' or try_cast(split_part(age_band, '-', 1) as integer) >= 45
        ), 0) as population_45_and_over
    from {{ ref('int_population') }}
    group by organisation_code, quarter
),

measured as (
    select
        items.organisation_code,
        items.quarter,
        items.numerator,
        population.population_45_and_over as denominator,
        items.numerator_cost_gbp / nullif(items.priced_numerator, 0) as price_factor
    from items
    left join population
        on
            items.organisation_code = population.organisation_code
            and items.quarter = population.quarter
),

final as (
    select
        organisation_code,
        quarter,
        numerator,
        denominator,
        cast(null as double) as expected,
        1000.0 * numerator / nullif(denominator, 0) as value,
        denominator / 1000 as volume,
        cast(null as double) as volume_limit,
        price_factor
    from measured
)

select * from final
