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

episodes as (
    select
        submitted.* exclude (admission_date),
        organisation_codes.final_organisation_code,
        coalesce(
            submitted.admission_date,
            case
                when
                    submitted.episode_order = 1 and submitted.admission_method is distinct from '81'
                    then submitted.episode_start_date
            end
        ) as admission_date
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

-- Interfaces 5.3.2: the same care reported under two keys (A01); codes compared as submitted.
repeated_care as (
    select
        *,
        is_valid and person_id is not null and row_number() over (
            partition by
                is_valid, person_id, final_organisation_code, episode_start_date, episode_end_date,
                episode_order, admission_date, patient_classification, diagnosis_01, procedure_01
            order by
                submission_date desc nulls last, episode_key asc nulls last, extract_date desc,
                file_name asc, line_number asc
        ) > 1 as is_repeated_care
    from validated
),

-- The same key twice in one submission (A03), among what A01 left.
repeated_key as (
    select
        *,
        is_valid and not is_repeated_care and episode_key is not null and row_number() over (
            partition by is_valid and not is_repeated_care, submission_id, episode_key
            order by submission_date desc nulls last, line_number asc
        ) > 1 as is_repeated_key
    from repeated_care
),

final as (
    select
        submission_id,
        line_number,
        record_key,
        quarter as episode_quarter,
        episode_key,
        person_id,
        provider_code,
        final_organisation_code,
        provider_spell_number,
        admission_date,
        discharge_date,
        episode_start_date,
        episode_end_date,
        episode_order,
        admission_method,
        patient_classification,
        intended_management,
        discharge_method,
        administrative_category,
        episode_type,
        main_specialty,
        treatment_function,
        consultant_code,
        {{ age_in_years('start_age') }} as age,
        case when sex in ('1', '2') then sex end as sex,
        case when deprivation_quintile between 1 and 5 then deprivation_quintile end
            as deprivation_quintile,
        coalesce(pct_code, residence_pct_code) as pct_code,
        practice_code,
        hrg4,
        hrg35,
        {{ normalise_icd10('diagnosis_01') }} as primary_diagnosis,
        {{ compact_list(secondary_diagnoses()) }} as secondary_diagnoses,
        {{ normalise_opcs4('procedure_01') }} as primary_procedure,
        {{ compact_list(further_procedures()) }} as further_procedures,
        procedure_date_01 as primary_procedure_date,
        is_valid,
        case
            when is_repeated_care then 'A01'
            when is_repeated_key then 'A03'
        end as duplicate_rule
    from repeated_key
)

select * from final
