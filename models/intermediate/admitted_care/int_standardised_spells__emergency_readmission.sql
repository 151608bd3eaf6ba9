{{ config(materialized='view') }}

with

spells as (
    select
        spell_id,
        person_id,
        organisation_code,
        admission_date,
        discharge_date,
        discharge_quarter,
        admission_group,
        patient_classification,
        discharge_method,
        admission_diagnosis,
        admission_secondary_diagnoses,
        hrg_code,
        age,
        sex,
        deprivation_quintile
    from {{ ref('int_spells') }}
    where is_counted and person_id is not null
),

discharge_methods as (
    select discharge_method from {{ ref('discharge_methods') }}
    where not is_followed_up
),

cancers as (
    select
        first_category,
        last_category
    from {{ ref('diagnosis_groups') }}
    where group_id = 'cancer'
),

emergencies as (
    select
        spell_id,
        person_id,
        admission_date
    from spells
    where admission_group = 'emergency'
),

-- Rulebook 5.20: sent home alive, and not at their own wish; cancer brings people back.
index_spells as (
    select spells.*
    from spells
    cross join cancers
    left join discharge_methods
        on spells.discharge_method = discharge_methods.discharge_method
    where
        spells.patient_classification in ('1', '2')
        and discharge_methods.discharge_method is null
        and not coalesce(
            left(spells.admission_diagnosis, 3)
            between cancers.first_category and cancers.last_category,
            false
        )
        and not {{ any_between(
            'spells.admission_secondary_diagnoses',
            'cancers.first_category', 'cancers.last_category'
        ) }}
),

returned as (
    select distinct index_spells.spell_id
    from index_spells
    inner join emergencies
        on
            index_spells.person_id = emergencies.person_id
            and index_spells.spell_id <> emergencies.spell_id
    where
        {{ days_between('index_spells.discharge_date', 'emergencies.admission_date') }}
        between 0 and {{ parameter('readmission_days') }}
),

final as (
    select
        'emergency_readmission' as short_name,
        index_spells.spell_id,
        index_spells.organisation_code,
        index_spells.discharge_quarter as quarter,
        index_spells.deprivation_quintile,
        coalesce(left(index_spells.hrg_code, 1), 'U')
        || '|' || {{ casemix_age_band('index_spells.age') }}
        || '|' || coalesce(index_spells.sex, 'unknown') as casemix_cell,
        cast(null as varchar) as wider_casemix_cell,
        case when returned.spell_id is not null then 1.0 else 0.0 end as observed
    from index_spells
    left join returned
        on index_spells.spell_id = returned.spell_id
)

select * from final
