{{ config(materialized='view') }}

with

submitted as (
    select * from {{ ref('int_rows__hes_apc') }}
    where is_effective
),

organisation_codes as (
    select
        code,
        final_organisation_code
    from {{ ref('int_organisation_codes') }}
),

episodes as (
    select
        submitted.submission_id,
        submitted.line_number,
        submitted.record_key,
        submitted.submission_date,
        submitted.quarter as episode_quarter,
        submitted.episode_key,
        submitted.person_id,
        submitted.provider_code as submitted_provider_code,
        organisation_codes.final_organisation_code,
        submitted.provider_spell_number,
        coalesce(
            submitted.admission_date,
            case
                when
                    submitted.episode_order = 1
                    and submitted.admission_method is distinct from '81'
                    then submitted.episode_start_date
            end
        ) as admission_date,
        submitted.admission_date is null
        and submitted.episode_start_date is not null
        and coalesce(submitted.episode_order = 1, false)
        and coalesce(submitted.admission_method <> '81', true) as is_admission_date_imputed,
        submitted.has_dummy_date,
        submitted.discharge_date,
        submitted.episode_start_date,
        submitted.episode_end_date,
        submitted.episode_order,
        submitted.episode_status,
        submitted.admission_method,
        submitted.patient_classification,
        submitted.intended_management,
        submitted.discharge_method,
        submitted.administrative_category,
        submitted.episode_type,
        submitted.main_specialty,
        submitted.treatment_function,
        submitted.consultant_code,
        {{ age_in_years('submitted.start_age') }} as age,
        case when submitted.sex in ('1', '2') then submitted.sex end as sex,
        case
            when submitted.deprivation_quintile between 1 and 5
                then submitted.deprivation_quintile
        end as deprivation_quintile,
        submitted.submitted_commissioner_code as submitted_pct_code,
        submitted.practice_code,
        submitted.hrg4,
        submitted.hrg35,
        submitted.diagnosis_01 as submitted_primary_diagnosis,
        submitted.procedure_01 as submitted_primary_procedure,
        {{ normalise_icd10('submitted.diagnosis_01') }} as primary_diagnosis,
        {{ compact_list(secondary_diagnoses()) }} as secondary_diagnoses,
        {{ normalise_opcs4('submitted.procedure_01') }} as primary_procedure,
        {{ compact_list(further_procedures()) }} as further_procedures,
        submitted.procedure_date_01 as primary_procedure_date
    from submitted
    inner join organisation_codes
        on submitted.provider_code = organisation_codes.code
),

-- Rulebook 3.1, judged per episode.
final as (
    select
        *,
        coalesce(
            episode_status = '3'
            and episode_end_date >= episode_start_date
            and episode_start_date >= admission_date
            and (discharge_date is null or discharge_date >= admission_date),
            false
        ) as is_valid
    from episodes
)

select * from final
