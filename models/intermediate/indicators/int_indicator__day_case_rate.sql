with

totals as (
    select * from {{ ref('int_standardised_totals') }}
    where short_name = 'day_case_rate'
),

reference_rates as (
    select
        quarter,
        day_case_rate
    from {{ ref('int_day_case_reference_rates') }}
),

reference as (
    select
        organisation_code,
        quarter
    from {{ ref('int_indicator_gate') }}
    where short_name = 'day_case_rate' and is_reference
),

inpatients as (
    select
        organisation_code,
        quarter,
        procedure_id,
        los_days
    from {{ ref('int_day_case_basket_spells') }}
    where organisation_code is not null and not is_day_case
),

reference_stays as (
    select
        inpatients.quarter,
        inpatients.procedure_id,
        avg(inpatients.los_days) as mean_stay
    from inpatients
    inner join reference
        on
            inpatients.organisation_code = reference.organisation_code
            and inpatients.quarter = reference.quarter
    group by inpatients.quarter, inpatients.procedure_id
),

-- A procedure that no reference organisation did as an inpatient says nothing of the stay that a
-- day case would save.
own_inpatients as (
    select
        inpatients.organisation_code,
        inpatients.quarter,
        avg(reference_stays.mean_stay) as mean_stay_saved
    from inpatients
    inner join reference_stays
        on
            inpatients.quarter = reference_stays.quarter
            and inpatients.procedure_id = reference_stays.procedure_id
    group by inpatients.organisation_code, inpatients.quarter
),

final as (
    select
        totals.organisation_code,
        totals.quarter,
        totals.observed as numerator,
        totals.n_spells as denominator,
        totals.expected,
        totals.observed / nullif(totals.expected, 0) * reference_rates.day_case_rate as value,
        totals.expected / nullif(reference_rates.day_case_rate, 0) as volume,
        totals.n_spells - totals.observed as volume_limit,
        greatest(1.0, coalesce(own_inpatients.mean_stay_saved, 1.0)) as price_factor
    from totals
    inner join reference_rates
        on totals.quarter = reference_rates.quarter
    left join own_inpatients
        on
            totals.organisation_code = own_inpatients.organisation_code
            and totals.quarter = own_inpatients.quarter
)

select * from final
