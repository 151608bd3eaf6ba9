with

submitted as (
    {{ submitted_organisations('clopidogrel_volume') }}
),

prescribing as (
    select
        organisation_code,
        quarter,
        items,
        net_ingredient_cost_gbp
    from {{ ref('int_prescribing_quarters') }}
    where group_id = 'clopidogrel'
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
        submitted.organisation_code,
        submitted.quarter,
        coalesce(prescribing.items, 0) as numerator,
        population.population_45_and_over as denominator,
        prescribing.net_ingredient_cost_gbp / nullif(prescribing.items, 0) as unit_price_gbp
    from submitted
    left join prescribing
        on
            submitted.organisation_code = prescribing.organisation_code
            and submitted.quarter = prescribing.quarter
    left join population
        on
            submitted.organisation_code = population.organisation_code
            and submitted.quarter = population.quarter
),

final as (
    select
        organisation_code,
        quarter,
        numerator,
        denominator,
        cast(null as double) as expected,
        numerator / nullif(denominator, 0) as crude_value,
        1000.0 * numerator / nullif(denominator, 0) as value,
        denominator / 1000 as volume,
        cast(null as double) as volume_limit,
        unit_price_gbp
    from measured
)

select * from final
