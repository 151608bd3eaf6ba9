with

submitted as (
    {{ submitted_organisations('follow_up_ratio') }}
),

reference as (
    {{ reference_organisations('follow_up_ratio') }}
),

excluded_functions as (
    select treatment_function from {{ ref('excluded_treatment_functions') }}
    where indicator_id = 'BCBV15'
),

-- Rulebook 5.15: specialties in which patients are followed for years say nothing here.
activity as (
    select activity.*
    from {{ ref('int_outpatient_activity') }} as activity
    left join excluded_functions
        on activity.treatment_function = excluded_functions.treatment_function
    where activity.outcome = 'attended' and excluded_functions.treatment_function is null
),

attendances as (
    select
        organisation_code,
        quarter,
        treatment_function,
        coalesce(sum(n_appointments) filter (where attendance = 'first'), 0) as n_firsts,
        coalesce(sum(n_appointments) filter (where attendance = 'follow_up'), 0) as n_follow_ups,
        coalesce(
            sum(n_appointments) filter (
                where attendance = 'follow_up' and unit_cost_gbp is not null
            ), 0
        ) as n_priced,
        coalesce(
            sum(n_appointments * unit_cost_gbp) filter (where attendance = 'follow_up'), 0
        ) as follow_up_cost_gbp
    from activity
    group by organisation_code, quarter, treatment_function
),

reference_ratios as (
    select
        attendances.quarter,
        attendances.treatment_function,
        sum(attendances.n_follow_ups) / sum(attendances.n_firsts) as follow_ups_per_first
    from attendances
    inner join reference
        on
            attendances.organisation_code = reference.organisation_code
            and attendances.quarter = reference.quarter
    group by attendances.quarter, attendances.treatment_function
    having sum(attendances.n_firsts) > 0
),

standardised as (
    select
        attendances.organisation_code,
        attendances.quarter,
        sum(attendances.n_follow_ups) as numerator,
        sum(attendances.n_firsts) as denominator,
        sum(attendances.n_firsts * reference_ratios.follow_ups_per_first) as expected,
        sum(attendances.n_priced) as n_priced,
        sum(attendances.follow_up_cost_gbp) as cost_gbp
    from attendances
    inner join reference_ratios
        on
            attendances.quarter = reference_ratios.quarter
            and attendances.treatment_function = reference_ratios.treatment_function
    group by attendances.organisation_code, attendances.quarter
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
