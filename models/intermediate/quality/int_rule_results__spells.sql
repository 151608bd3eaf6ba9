with

-- Of a stay that is over, whatever else keeps it out of indicators (Rulebook 6.14 and 6.15).
spells as (
    select
        organisation_code,
        discharge_quarter as quarter,
        patient_classification,
        treatment_function,
        admission_group,
        los_days
    from {{ ref('int_spells') }}
    where discharge_date is not null and patient_classification in ('1', '2')
),

mental_health_specialties as (
    select specialty from {{ ref('mental_health_specialties') }}
),

trusts as (
    select organisation_code from {{ ref('int_organisations') }}
    where organisation_class = 'trust'
),

totals as (
    select
        spells.organisation_code,
        spells.quarter,
        count(*) filter (
            where
            spells.patient_classification = '1'
            and mental_health_specialties.specialty is null
        ) as n_stays,
        count(*) filter (
            where
            spells.patient_classification = '1'
            and mental_health_specialties.specialty is null
            and spells.los_days > {{ parameter('max_los_days') }}
        ) as n_long_stays,
        count(*) filter (where spells.patient_classification = '2') as n_day_cases,
        count(*) filter (
            where
            spells.patient_classification = '2'
            and (spells.los_days > 0 or coalesce(spells.admission_group, '') <> 'elective')
        ) as n_no_day_cases
    from spells
    inner join trusts
        on spells.organisation_code = trusts.organisation_code
    left join mental_health_specialties
        on spells.treatment_function = mental_health_specialties.specialty
    group by spells.organisation_code, spells.quarter
),

counted as (
    select
        'A09' as rule_id,
        organisation_code,
        quarter,
        n_stays as n_checked,
        n_long_stays as n_failed
    from totals
    union all
    select
        'A10' as rule_id,
        organisation_code,
        quarter,
        n_day_cases as n_checked,
        n_no_day_cases as n_failed
    from totals
),

{{ rated_rules('counted', 'hes_apc') }}

select * from final
