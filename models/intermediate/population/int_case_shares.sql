with

commissioned_cases as (
    select
        short_name,
        organisation_code,
        quarter,
        practice_code,
        submitted_provider_code,
        unit_price_gbp
    from {{ ref('int_commissioned_cases') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

results as (
    select
        indicator_id,
        short_name,
        organisation_code,
        quarter,
        numerator,
        excess_units,
        opportunity_annual_gbp
    from {{ ref('int_indicators_benchmarked') }}
),

cases as (
    select
        short_name,
        organisation_code,
        quarter,
        coalesce(practice_code, 'unknown') as practice_code,
        submitted_provider_code,
        count(*) as n_cases,
        sum(unit_price_gbp) as cost_gbp
    from commissioned_cases
    group by
        short_name, organisation_code, quarter, coalesce(practice_code, 'unknown'),
        submitted_provider_code
),

-- What is expected of a PCT's people is known, but not of a practice's or a hospital's: the PCT's
-- excess and its pounds are shared out in proportion to the cases.
final as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        cases.practice_code,
        cases.submitted_provider_code,
        coalesce(organisation_map.organisation_code, cases.submitted_provider_code)
            as provider_code,
        cases.n_cases,
        cases.cost_gbp,
        cases.n_cases / results.numerator as share_of_cases,
        results.excess_units * cases.n_cases / results.numerator as excess_units,
        results.opportunity_annual_gbp * cases.n_cases / results.numerator
            as opportunity_annual_gbp
    from cases
    inner join results
        on
            cases.short_name = results.short_name
            and cases.organisation_code = results.organisation_code
            and cases.quarter = results.quarter
    left join organisation_map
        on
            cases.submitted_provider_code = organisation_map.code
            and cases.quarter = organisation_map.quarter
)

select * from final
