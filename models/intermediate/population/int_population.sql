with

population_rows as (
    select * from {{ ref('int_population_rows') }}
),

final as (
    select
        organisation_code,
        quarter,
        age_band,
        sex,
        deprivation_quintile,
        sum(population) as population
    from population_rows
    group by organisation_code, quarter, age_band, sex, deprivation_quintile
)

select * from final
