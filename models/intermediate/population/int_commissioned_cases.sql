with

spells as (
    select * from {{ ref('int_spells') }}
    where
        is_counted
        and coalesce(patient_classification not in ('3', '4'), true)
),

spell_procedures as (
    select
        spell_id,
        procedure_id
    from {{ ref('int_spell_procedures') }}
    where group_id = 'surgical_threshold'
),

spell_conditions as (
    select
        spell_id,
        condition_id
    from {{ ref('int_spell_conditions') }}
),

conditions as (
    select
        condition_id,
        reported_as
    from {{ ref('acsc_conditions') }}
),

appointments as (
    select * from {{ ref('int_appointments') }}
    where not is_duplicate
),

excluded_functions as (
    select treatment_function from {{ ref('excluded_treatment_functions') }}
    where indicator_id = 'BCBV06'
),

hrg_costs as (
    select
        hrg_code,
        setting,
        quarter,
        unit_price_gbp
    from {{ ref('int_hrg_costs') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

operations as (
    select
        'surgical_thresholds' as short_name,
        spells.spell_id as case_id,
        spell_procedures.procedure_id as case_group,
        spells.admission_quarter as quarter,
        spells.submitted_pct_code,
        spells.practice_code,
        spells.submitted_provider_code,
        spells.age,
        spells.sex,
        spells.deprivation_quintile,
        spells.hrg_code,
        case when spells.patient_classification = '2' then 'DC' else 'EL' end as setting
    from spells
    inner join spell_procedures
        on spells.spell_id = spell_procedures.spell_id
    where spells.admission_group = 'elective'
),

avoidable_admissions as (
    select
        'emergency_admissions' as short_name,
        spells.spell_id as case_id,
        conditions.reported_as as case_group,
        spells.admission_quarter as quarter,
        spells.submitted_pct_code,
        spells.practice_code,
        spells.submitted_provider_code,
        spells.age,
        spells.sex,
        spells.deprivation_quintile,
        spells.hrg_code,
        'NEL' as setting
    from spells
    inner join spell_conditions
        on spells.spell_id = spell_conditions.spell_id
    inner join conditions
        on spell_conditions.condition_id = conditions.condition_id
),

priced_spells as (
    select
        cases.short_name,
        cases.case_id,
        cases.case_group,
        cases.quarter,
        cases.submitted_pct_code,
        cases.practice_code,
        cases.submitted_provider_code,
        cases.age,
        cases.sex,
        cases.deprivation_quintile,
        hrg_costs.unit_price_gbp
    from (
        select * from operations
        union all
        select * from avoidable_admissions
    ) as cases
    left join hrg_costs
        on
            cases.hrg_code = hrg_costs.hrg_code
            and cases.setting = hrg_costs.setting
            and cases.quarter = hrg_costs.quarter
),

-- Rulebook 5.6: firsts that a general practitioner asked for and a consultant's team saw.
referrals as (
    select
        'outpatient_referrals' as short_name,
        appointments.submission_id || '|' || appointments.line_number as case_id,
        coalesce(appointments.treatment_function, 'none') as case_group,
        appointments.quarter,
        appointments.submitted_pct_code,
        appointments.practice_code,
        appointments.submitted_provider_code,
        appointments.age,
        appointments.sex,
        appointments.deprivation_quintile,
        {{ attendance_cost() }} as unit_price_gbp
    from appointments
    {{ with_attendance_costs('appointments', attendance="'first'") }}
    left join excluded_functions
        on appointments.treatment_function = excluded_functions.treatment_function
    where
        appointments.outcome = 'attended'
        and appointments.attendance = 'first'
        and appointments.is_referred_by_general_practitioner
        and appointments.is_seen_by_consultant_team
        and not appointments.is_private
        and not appointments.is_mental_health
        and excluded_functions.treatment_function is null
),

cases as (
    select * from priced_spells
    union all
    select * from referrals
),

-- Rulebook 3.6: without age, sex or deprivation a case is in no stratum, observed or reference.
final as (
    select
        cases.short_name,
        cases.case_id,
        cases.case_group,
        organisation_map.organisation_code,
        cases.quarter,
        cases.practice_code,
        cases.submitted_provider_code,
        {{ population_age_band('cases.age') }} as age_band,
        cases.sex,
        cases.deprivation_quintile,
        cases.unit_price_gbp
    from cases
    inner join organisation_map
        on
            cases.submitted_pct_code = organisation_map.code
            and cases.quarter = organisation_map.quarter
    where
        cases.age is not null
        and cases.sex is not null
        and cases.deprivation_quintile is not null
)

select * from final
