with

spells as (
    select * from {{ ref('int_day_case_basket_spells') }}
    where organisation_code is not null
),

reference as (
    {{ reference_organisations('day_case_rate') }}
),

bed_day_prices as (
    select
        quarter,
        unit_price_gbp
    from {{ ref('int_unit_prices') }}
    where price_id = 'bed_day'
),

procedures as (
    select
        organisation_code,
        quarter,
        procedure_id,
        count(*) as n_spells,
        count(*) filter (where is_day_case) as n_day_cases,
        count(*) filter (where not is_day_case) as n_inpatients,
        coalesce(sum(los_days) filter (where not is_day_case), 0) as inpatient_days
    from spells
    group by organisation_code, quarter, procedure_id
),

reference_procedures as (
    select
        procedures.quarter,
        procedures.procedure_id,
        sum(procedures.n_spells) as n_spells,
        sum(procedures.n_day_cases) as n_day_cases,
        sum(procedures.n_day_cases) / sum(procedures.n_spells) as day_case_rate,
        sum(procedures.inpatient_days)
        / nullif(sum(procedures.n_inpatients), 0) as mean_inpatient_los
    from procedures
    inner join reference
        on
            procedures.organisation_code = reference.organisation_code
            and procedures.quarter = reference.quarter
    group by procedures.quarter, procedures.procedure_id
),

reference_rates as (
    select
        quarter,
        sum(n_day_cases) / sum(n_spells) as day_case_rate
    from reference_procedures
    group by quarter
),

-- A procedure that no reference organisation did is left out altogether; one that none of them did
-- as an inpatient says nothing of the stay that a day case would save.
standardised as (
    select
        procedures.organisation_code,
        procedures.quarter,
        sum(procedures.n_day_cases) as numerator,
        sum(procedures.n_spells) as denominator,
        sum(procedures.n_spells * reference_procedures.day_case_rate) as expected,
        sum(procedures.n_inpatients) as n_inpatients,
        sum(procedures.n_inpatients * reference_procedures.mean_inpatient_los)
        / nullif(
            sum(procedures.n_inpatients) filter (
                where reference_procedures.mean_inpatient_los is not null
            ),
            0
        ) as mean_stay_saved
    from procedures
    inner join reference_procedures
        on
            procedures.quarter = reference_procedures.quarter
            and procedures.procedure_id = reference_procedures.procedure_id
    group by procedures.organisation_code, procedures.quarter
),

final as (
    select
        standardised.organisation_code,
        standardised.quarter,
        standardised.numerator,
        standardised.denominator,
        standardised.expected,
        standardised.numerator / nullif(standardised.denominator, 0) as crude_value,
        standardised.numerator
        / nullif(standardised.expected, 0)
        * reference_rates.day_case_rate as value,
        standardised.expected / nullif(reference_rates.day_case_rate, 0) as volume,
        cast(standardised.n_inpatients as double) as volume_limit,
        bed_day_prices.unit_price_gbp
        * greatest(1.0, coalesce(standardised.mean_stay_saved, 1.0)) as unit_price_gbp
    from standardised
    inner join reference_rates
        on standardised.quarter = reference_rates.quarter
    left join bed_day_prices
        on standardised.quarter = bed_day_prices.quarter
)

select * from final
