{% set group_keys = ['indicator_id', 'quarter', 'organisation_class'] -%}
with

eligible as (
    select
        indicator_id,
        quarter,
        organisation_class,
        interval_method,
        value_scale,
        numerator,
        denominator,
        reference_rate,
        transformed_value,
        transformed_standard_error
    from {{ ref('int_indicator_intervals') }}
    where is_eligible_for_benchmark and interval_method <> 'none'
),

sums as (
    select
        indicator_id,
        quarter,
        organisation_class,
        interval_method,
        value_scale,
        count(transformed_value) as n_in_funnel,
        coalesce(max(reference_rate), sum(numerator) / nullif(sum(denominator), 0))
            as overall_share,
        sum(numerator) filter (where transformed_value is not null)
        / nullif(sum(denominator) filter (where transformed_value is not null), 0) as overall_rate
    from eligible
    group by indicator_id, quarter, organisation_class, interval_method, value_scale
),

-- Rulebook 9.4: what an organisation would have that is as all of them together. An observed count
-- over its expected one is 1 for the whole by construction; the day-case rate's standard is the
-- reference rate that it is expressed in.
targets as (
    select
        *,
        case interval_method
            when 'ratio' then 1.0
            when 'casemix_mean' then 0.0
            when 'rate' then ln(overall_rate)
            when 'proportion' then asin(sqrt(least(1.0, greatest(0.0, overall_share))))
        end as overall_value
    from sums
    where n_in_funnel > 0
),

standardised as (
    select
        eligible.indicator_id,
        eligible.quarter,
        eligible.organisation_class,
        eligible.transformed_value,
        eligible.transformed_standard_error,
        targets.overall_value as funnel_target
    from eligible
    inner join targets
        on
            eligible.indicator_id = targets.indicator_id
            and eligible.quarter = targets.quarter
            and eligible.organisation_class = targets.organisation_class
),

spreads as (
    {{ overdispersion('standardised', group_keys) }}
),

-- Too few organisations make no funnel, and no target either.
final as (
    select
        targets.indicator_id,
        targets.quarter,
        targets.organisation_class,
        spreads.n_organisations as n_in_funnel,
        spreads.overdispersion_phi,
        spreads.overdispersion_tau2,
        spreads.shrinkage_tau2,
        case when spreads.overdispersion_phi is not null then targets.overall_value end
            as funnel_target,
        case
            when spreads.overdispersion_phi is not null
                then {{ on_value_scale(
                    'targets.overall_value', 'targets.interval_method', 'targets.value_scale'
                ) }}
        end as funnel_centre
    from targets
    inner join spreads
        on
            targets.indicator_id = spreads.indicator_id
            and targets.quarter = spreads.quarter
            and targets.organisation_class = spreads.organisation_class
)

select * from final
