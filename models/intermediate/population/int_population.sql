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
    -- Rulebook 5.4: totals over a category, and what is of none, count nowhere.
    where age_band is not null and sex is not null and deprivation_quintile is not null
    group by organisation_code, quarter, age_band, sex, deprivation_quintile
)

select * from final
