with

submitted as (
    {{ classified_rows('hes_apc') }}
),

organisation_codes as (
    select
        code,
        final_organisation_code
    from {{ ref('int_organisation_codes') }}
),

-- Only what is needed further on is carried through the sorts below.
episodes as (
    select
        submitted.submission_id,
        submitted.line_number,
        submitted.file_name,
        submitted.extract_date,
        submitted.submission_date,
        submitted.record_key,
        submitted.quarter as episode_quarter,
        submitted.episode_key,
        submitted.person_id,
        submitted.provider_code,
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
        coalesce(submitted.pct_code, submitted.residence_pct_code) as pct_code,
        submitted.practice_code,
        submitted.hrg4,
        submitted.hrg35,
        submitted.diagnosis_01 as primary_diagnosis_as_submitted,
        submitted.procedure_01 as primary_procedure_as_submitted,
        {{ normalise_icd10('submitted.diagnosis_01') }} as primary_diagnosis,
        {{ compact_list(secondary_diagnoses()) }} as secondary_diagnoses,
        {{ normalise_opcs4('submitted.procedure_01') }} as primary_procedure,
        {{ compact_list(further_procedures()) }} as further_procedures,
        submitted.procedure_date_01 as primary_procedure_date
    from submitted
    inner join organisation_codes
        on submitted.provider_code = organisation_codes.code
    where submitted.is_effective
),

-- Interfaces 5.3.1, judged per episode.
validated as (
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
),

-- Rules A01 and A03; codes compared as submitted.
{{ marked_repeats(
    'validated',
    same_care=[
        'episode_start_date', 'episode_end_date', 'episode_order', 'admission_date',
        'patient_classification', 'primary_diagnosis_as_submitted',
        'primary_procedure_as_submitted'
    ],
    record_key='episode_key',
    is_judged='is_valid'
) }},

final as (
    select
        {{ star_except([
            'file_name', 'extract_date', 'submission_date', 'episode_status',
            'primary_diagnosis_as_submitted', 'primary_procedure_as_submitted',
            'is_repeated_care', 'is_repeated_key'
        ]) }},
        case
            when is_repeated_care then 'A01'
            when is_repeated_key then 'A03'
        end as duplicate_rule
    from repeated_key
)

select * from final
