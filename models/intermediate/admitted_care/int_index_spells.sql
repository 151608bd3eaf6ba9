with

spells as (
    select * from {{ ref('int_spells') }}
    where is_clinical and discharge_date is not null and person_id is not null
),

emergencies as (
    select
        spell_id,
        person_id,
        admission_date
    from spells
    where admission_group = 'emergency'
),

-- Interfaces 5.5, BCBV20: sent home alive, and not at their own wish; cancer brings people back.
index_spells as (
    select
        spell_id,
        person_id,
        organisation_code,
        discharge_date,
        discharge_quarter,
        coalesce(hrg4, hrg35) as hrg_code,
        age,
        sex
    from spells
    where
        patient_classification in ('1', '2')
        and coalesce(discharge_method not in ('2', '4', '5'), true)
        and not coalesce({{ matches('admission_diagnosis', cancer_pattern()) }}, false)
        and not {{ any_matches('admission_secondary_diagnoses', cancer_pattern()) }}
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
        index_spells.spell_id,
        index_spells.organisation_code,
        index_spells.discharge_quarter as quarter,
        coalesce(left(index_spells.hrg_code, 1), 'U')
        || '|' || {{ casemix_age_band('index_spells.age') }}
        || '|' || coalesce(index_spells.sex, 'unknown') as casemix_cell,
        cast(returned.spell_id is not null as integer) as n_readmissions
    from index_spells
    left join returned
        on index_spells.spell_id = returned.spell_id
)

select * from final
