{% set of_residents = "('surgical_thresholds', 'emergency_admissions', 'outpatient_referrals')" -%}
with

cases as (
    select
        short_name,
        organisation_code,
        quarter,
        age_band,
        sex,
        deprivation_quintile
    from {{ ref('int_commissioned_cases') }}
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
    where is_submitted and short_name in {{ of_residents }}
),

reference as (
    select
        short_name,
        organisation_code,
        quarter
    from {{ ref('int_indicator_gate') }}
    where is_reference and short_name in {{ of_residents }}
),

-- Rulebook 9.18: one rate for all fifths alike. A standard by deprivation, as the indicator itself
-- has, would explain away what is looked for here.
reference_cases as (
    select
        cases.short_name,
        cases.quarter,
        cases.age_band,
        cases.sex,
        count(*) as n_cases
    from cases
    inner join reference
        on
            cases.short_name = reference.short_name
            and cases.organisation_code = reference.organisation_code
            and cases.quarter = reference.quarter
    group by cases.short_name, cases.quarter, cases.age_band, cases.sex
),

population_of_all_fifths as (
    select
        organisation_code,
        quarter,
        age_band,
        sex,
        sum(population) as population
    from population
    group by organisation_code, quarter, age_band, sex
),

reference_population as (
    select
        reference.short_name,
        population_of_all_fifths.quarter,
        population_of_all_fifths.age_band,
        population_of_all_fifths.sex,
        sum(population_of_all_fifths.population) as population
    from population_of_all_fifths
    inner join reference
        on
            population_of_all_fifths.organisation_code = reference.organisation_code
            and population_of_all_fifths.quarter = reference.quarter
    group by
        reference.short_name, population_of_all_fifths.quarter, population_of_all_fifths.age_band,
        population_of_all_fifths.sex
),

-- Where nobody of the reference lives there is no rate, and nothing is expected of anybody else.
reference_rates as (
    select
        reference_cases.short_name,
        reference_cases.quarter,
        reference_cases.age_band,
        reference_cases.sex,
        reference_cases.n_cases / nullif(reference_population.population, 0) as cases_per_head
    from reference_cases
    inner join reference_population
        on
            reference_cases.short_name = reference_population.short_name
            and reference_cases.quarter = reference_population.quarter
            and reference_cases.age_band = reference_population.age_band
            and reference_cases.sex = reference_population.sex
),

parts as (
    select
        short_name,
        organisation_code,
        quarter,
        deprivation_quintile,
        cast(count(*) as double) as observed,
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
