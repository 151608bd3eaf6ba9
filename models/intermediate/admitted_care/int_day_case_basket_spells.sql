with

spells as (
    select
        spell_id,
        organisation_code,
        discharge_quarter,
        patient_classification,
        intended_management,
        deprivation_quintile,
        los_days
    from {{ ref('int_spells') }}
    where
        is_counted
        and admission_group = 'elective'
        and patient_classification in ('1', '2')
),

procedures as (
    select
        spell_id,
        procedure_id
    from {{ ref('int_spell_procedures') }}
    where group_id = 'day_case_basket'
),

final as (
    select
        spells.spell_id,
        spells.organisation_code,
        spells.discharge_quarter as quarter,
        procedures.procedure_id,
        spells.patient_classification = '2' as is_day_case,
        coalesce(spells.intended_management = '2', false) as is_planned_day_case,
        spells.deprivation_quintile,
        spells.los_days
    from spells
    inner join procedures
        on spells.spell_id = procedures.spell_id
)

select * from final
