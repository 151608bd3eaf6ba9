with

submitted as (
    {{ classified_rows('hes_op') }}
),

organisation_codes as (
    select
        code,
        final_organisation_code
    from {{ ref('int_organisation_codes') }}
),

-- An appointment without a day belongs to no quarter and repeats nothing.
appointments as (
    select
        submitted.submission_id,
        submitted.line_number,
        submitted.file_name,
        submitted.extract_date,
        submitted.submission_date,
        submitted.record_key,
        submitted.quarter,
        submitted.appointment_key,
        submitted.person_id,
        submitted.provider_code,
        organisation_codes.final_organisation_code,
        submitted.pct_code,
        submitted.practice_code,
        submitted.appointment_date,
        {{ age_in_years('submitted.appointment_age') }} as age,
        case when submitted.sex in ('1', '2') then submitted.sex end as sex,
        case
            when submitted.deprivation_quintile between 1 and 5
                then submitted.deprivation_quintile
        end as deprivation_quintile,
        submitted.attendance_status,
        submitted.first_attendance,
        submitted.referral_source,
        submitted.treatment_function,
        submitted.staff_type,
        coalesce(submitted.administrative_category, '') = '02' as is_private
    from submitted
    inner join organisation_codes
        on submitted.provider_code = organisation_codes.code
    where submitted.is_effective and submitted.row_date is not null
),

-- Rule O01, as A01 and A03.
{{ marked_repeats(
    'appointments',
    same_care=[
        'appointment_date', 'treatment_function', 'first_attendance', 'attendance_status'
    ],
    record_key='appointment_key'
) }},

final as (
    select
        {{ star_except([
            'file_name', 'extract_date', 'submission_date', 'appointment_key',
            'final_organisation_code', 'is_repeated_care', 'is_repeated_key'
        ]) }},
        is_repeated_care or is_repeated_key as is_duplicate
    from repeated_key
)

select * from final
