with

submitted as (
    select
        short_name,
        organisation_code,
        quarter
    from {{ ref('int_indicator_spine') }}
    where
        is_submitted
        and short_name in ({{ resident_indicators() }})
),

reference as (
    select
        short_name,
        organisation_code,
        quarter
    from {{ ref('int_indicator_gate') }}
    where is_reference
),

standardised_cases as (
    select
        short_name,
        organisation_code,
        quarter,
        observed,
        expected,
        n_priced,
        cost_gbp
    from {{ ref('int_standardised_cases') }}
),

population as (
    select
        organisation_code,
        quarter,
        population
    from {{ ref('int_population') }}
),

persons as (
    select
        organisation_code,
        quarter,
        sum(population) as population
    from population
    group by organisation_code, quarter
),

-- Whoever submitted without a single case has observed nought.
totals as (
    select
        submitted.short_name,
        submitted.organisation_code,
        submitted.quarter,
        coalesce(sum(standardised_cases.observed), 0) as observed,
        coalesce(sum(standardised_cases.expected), 0) as expected,
        coalesce(sum(standardised_cases.n_priced), 0) as n_priced,
        coalesce(sum(standardised_cases.cost_gbp), 0) as cost_gbp
    from submitted
    left join standardised_cases
        on
            submitted.short_name = standardised_cases.short_name
            and submitted.organisation_code = standardised_cases.organisation_code
            and submitted.quarter = standardised_cases.quarter
    group by submitted.short_name, submitted.organisation_code, submitted.quarter
),

reference_costs as (
    select
        totals.short_name,
        totals.quarter,
        sum(totals.cost_gbp) / nullif(sum(totals.n_priced), 0) as mean_cost_gbp
    from totals
    inner join reference
        on
            totals.short_name = reference.short_name
            and totals.organisation_code = reference.organisation_code
            and totals.quarter = reference.quarter
    group by totals.short_name, totals.quarter
),

-- Without a population nothing can be expected, which is not to expect nothing.
final as (
    select
        totals.short_name,
        totals.organisation_code,
        totals.quarter,
        totals.observed,
        case when persons.population is not null then totals.expected end as expected,
        persons.population,
        totals.cost_gbp / nullif(totals.n_priced, 0) as mean_cost_gbp,
        reference_costs.mean_cost_gbp as reference_mean_cost_gbp
    from totals
    left join persons
        on
            totals.organisation_code = persons.organisation_code
            and totals.quarter = persons.quarter
    left join reference_costs
        on
            totals.short_name = reference_costs.short_name
            and totals.quarter = reference_costs.quarter
)

select * from final
