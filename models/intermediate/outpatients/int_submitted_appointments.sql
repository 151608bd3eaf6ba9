{{ config(materialized='view') }}

with

submitted as (
    select * from {{ ref('int_rows__hes_op') }}
    where is_effective
),

organisation_codes as (
    select
        code,
        final_organisation_code
    from {{ ref('int_organisation_codes') }}
),

final as (
    select
        submitted.submission_id,
        submitted.line_number,
        submitted.record_key,
        submitted.submission_date,
        submitted.quarter,
        submitted.appointment_key,
        submitted.person_id,
        submitted.provider_code as submitted_provider_code,
        organisation_codes.final_organisation_code,
        submitted.submitted_commissioner_code as submitted_pct_code,
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
)

select * from final
