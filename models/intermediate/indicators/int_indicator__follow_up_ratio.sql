with

submitted as (
    {{ submitted_organisations('follow_up_ratio') }}
),

{{ follow_up_parts() }},

standardised as (
    select
        organisation_code,
        quarter,
        sum(n_follow_ups) as numerator,
        sum(n_firsts) as denominator,
        sum(expected) as expected,
        sum(n_priced) as n_priced,
        sum(follow_up_cost_gbp) as cost_gbp
    from follow_up_parts
    group by organisation_code, quarter
),

{{ reference_costs('standardised') }},

final as (
    select
        submitted.organisation_code,
        submitted.quarter,
        coalesce(standardised.numerator, 0) as numerator,
        coalesce(standardised.denominator, 0) as denominator,
        coalesce(standardised.expected, 0) as expected,
        100.0 * standardised.numerator / nullif(standardised.expected, 0) as value,
        standardised.expected / 100 as volume,
        cast(null as double) as volume_limit,
        coalesce(
            standardised.cost_gbp / nullif(standardised.n_priced, 0),
            reference_costs.mean_cost_gbp
        ) as price_factor
    from submitted
    left join standardised
        on
            submitted.organisation_code = standardised.organisation_code
            and submitted.quarter = standardised.quarter
    left join reference_costs
        on submitted.quarter = reference_costs.quarter
)

select * from final
