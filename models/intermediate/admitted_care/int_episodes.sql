with

episodes as (
    select * from {{ ref('int_submitted_episodes') }}
),

repeated_episodes as (
    select
        submission_id,
        line_number,
        duplicate_rule
    from {{ ref('int_repeated_episodes') }}
),

final as (
    select
        episodes.submission_id,
        episodes.line_number,
        episodes.episode_quarter,
        episodes.episode_key,
        episodes.person_id,
        episodes.submitted_provider_code,
        episodes.final_organisation_code,
        episodes.provider_spell_number,
        episodes.admission_date,
        episodes.is_admission_date_imputed,
        episodes.has_dummy_date,
        episodes.discharge_date,
        episodes.episode_start_date,
        episodes.episode_end_date,
        episodes.episode_order,
        episodes.episode_status,
        episodes.admission_method,
        episodes.patient_classification,
        episodes.intended_management,
        episodes.discharge_method,
        episodes.administrative_category,
        episodes.episode_type,
        episodes.main_specialty,
        episodes.treatment_function,
        episodes.consultant_code,
        episodes.age,
        episodes.sex,
        episodes.deprivation_quintile,
        episodes.submitted_pct_code,
        episodes.practice_code,
        episodes.hrg4,
        episodes.hrg35,
        episodes.primary_diagnosis,
        episodes.secondary_diagnoses,
        episodes.primary_procedure,
        episodes.further_procedures,
        episodes.primary_procedure_date,
        episodes.is_valid,
        repeated_episodes.duplicate_rule
    from episodes
    left join repeated_episodes
        on
            episodes.submission_id = repeated_episodes.submission_id
            and episodes.line_number = repeated_episodes.line_number
)

select * from final
