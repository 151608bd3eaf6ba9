with

cases as (
    select
        short_name,
        case_group,
        organisation_code,
        quarter,
        age_band,
        sex,
        deprivation_quintile,
        count(*) as n_cases,
        count(unit_price_gbp) as n_priced,
        coalesce(sum(unit_price_gbp), 0) as cost_gbp
    from {{ ref('int_commissioned_cases') }}
    group by
        short_name, case_group, organisation_code, quarter, age_band, sex, deprivation_quintile
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
),

submitted as (
    select
        short_name,
        organisation_code,
        quarter
    from {{ ref('int_indicator_spine') }}
    where is_submitted
),

reference as (
    select
        short_name,
        organisation_code,
        quarter
    from {{ ref('int_indicator_gate') }}
    where is_reference
),

{{ reference_rates(
    ['age_band', 'sex', 'deprivation_quintile'], case_strata=['case_group']
) }},

expectations as (
    select
        submitted.short_name,
        submitted.organisation_code,
        submitted.quarter,
        reference_rates.case_group,
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
            and population.deprivation_quintile = reference_rates.deprivation_quintile
    group by
        submitted.short_name, submitted.organisation_code, submitted.quarter,
        reference_rates.case_group
),

observations as (
    select
        cases.short_name,
        cases.organisation_code,
        cases.quarter,
        cases.case_group,
        sum(cases.n_cases) as observed,
        sum(cases.n_priced) as n_priced,
        sum(cases.cost_gbp) as cost_gbp
    from cases
    inner join submitted
        on
            cases.short_name = submitted.short_name
            and cases.organisation_code = submitted.organisation_code
            and cases.quarter = submitted.quarter
    group by cases.short_name, cases.organisation_code, cases.quarter, cases.case_group
),

populated as (
    select distinct
        organisation_code,
        quarter
    from population
),

-- Of a group without a case in the reference nothing is expected; without a population of the PCT
-- it is not known what is expected, which is null.
final as (
    select
        coalesce(observations.short_name, expectations.short_name) as short_name,
        coalesce(observations.organisation_code, expectations.organisation_code)
            as organisation_code,
        coalesce(observations.quarter, expectations.quarter) as quarter,
        coalesce(observations.case_group, expectations.case_group) as case_group,
        cast(coalesce(observations.observed, 0) as double) as observed,
        coalesce(
            expectations.expected, case when populated.quarter is not null then 0.0 end
        ) as expected,
        coalesce(observations.n_priced, 0) as n_priced,
        coalesce(observations.cost_gbp, 0) as cost_gbp
    from observations
    full outer join expectations
        on
            observations.short_name = expectations.short_name
            and observations.organisation_code = expectations.organisation_code
            and observations.quarter = expectations.quarter
            and observations.case_group = expectations.case_group
    left join populated
        on
            coalesce(observations.organisation_code, expectations.organisation_code)
            = populated.organisation_code
            and coalesce(observations.quarter, expectations.quarter) = populated.quarter
)

select * from final
