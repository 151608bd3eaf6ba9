with

submitted as (
    {{ submitted_organisations('dna_rate') }}
),

reference as (
    {{ reference_organisations('dna_rate') }}
),

appointments as (
    select
        *,
        {{ is_missed('outcome') }} as is_missed
    from {{ ref('int_outpatient_activity') }}
    where outcome in ({{ outcomes_of_appointments() }})
),

-- An appointment that is neither a first nor a follow-up has no cost and leaves the mean.
totals as (
    select
        organisation_code,
        quarter,
        coalesce(sum(n_appointments) filter (where is_missed), 0) as numerator,
        sum(n_appointments) as denominator,
        coalesce(
            sum(n_appointments) filter (where is_missed and unit_cost_gbp is not null), 0
        ) as n_priced,
        coalesce(sum(n_appointments * unit_cost_gbp) filter (where is_missed), 0) as cost_gbp
    from appointments
    group by organisation_code, quarter
),

{{ reference_costs('totals') }},

final as (
    select
        submitted.organisation_code,
        submitted.quarter,
        coalesce(totals.numerator, 0) as numerator,
        coalesce(totals.denominator, 0) as denominator,
        cast(null as double) as expected,
        totals.numerator / nullif(totals.denominator, 0) as value,
        totals.denominator as volume,
        cast(null as double) as volume_limit,
        coalesce(
            totals.cost_gbp / nullif(totals.n_priced, 0), reference_costs.mean_cost_gbp
        ) as price_factor
    from submitted
    left join totals
        on
            submitted.organisation_code = totals.organisation_code
            and submitted.quarter = totals.quarter
    left join reference_costs
        on submitted.quarter = reference_costs.quarter
)

select * from final
