with

cases as (
    select
        short_name,
        organisation_code,
        quarter,
        age_band,
        sex,
        deprivation_quintile,
        count(*) as n_cases
    from {{ ref('int_commissioned_cases') }}
    group by short_name, organisation_code, quarter, age_band, sex, deprivation_quintile
),

population as (
    select
        organisation_code,
        quarter,
        age_band,
        sex,
        deprivation_quintile,
        population
    from {{ ref('int_population') }}
    where deprivation_quintile is not null
),

submitted as (
    select
        short_name,
        organisation_code,
        quarter
    from {{ ref('int_indicator_spine') }}
    where is_submitted and short_name in ({{ resident_indicators() }})
),

reference as (
    select
        short_name,
        organisation_code,
        quarter
    from {{ ref('int_indicator_gate') }}
    where is_reference and short_name in ({{ resident_indicators() }})
),

-- Rulebook 9.18: one rate for all fifths alike. A standard by deprivation, as the indicator itself
-- has, would explain away what is looked for here.
{{ reference_rates(['age_band', 'sex']) }},

parts as (
    select
        short_name,
        organisation_code,
        quarter,
        deprivation_quintile,
        cast(sum(n_cases) as double) as observed,
        0.0 as expected
    from cases
    group by short_name, organisation_code, quarter, deprivation_quintile
    union all
    select
        submitted.short_name,
        submitted.organisation_code,
        submitted.quarter,
        population.deprivation_quintile,
        0.0 as observed,
        sum(population.population * reference_rates.cases_per_head) as expected
    from submitted
    inner join population
        on
            submitted.organisation_code = population.organisation_code
            and submitted.quarter = population.quarter
    inner join reference_rates
        on
            submitted.short_name = reference_rates.short_name
            and population.quarter = reference_rates.quarter
            and population.age_band = reference_rates.age_band
            and population.sex = reference_rates.sex
    group by
        submitted.short_name, submitted.organisation_code, submitted.quarter,
        population.deprivation_quintile
),

final as (
    select
        short_name,
        organisation_code,
        quarter,
        deprivation_quintile,
        sum(observed) as observed,
        coalesce(sum(expected), 0) as expected
    from parts
    group by short_name, organisation_code, quarter, deprivation_quintile
)

select * from final
