{{ config(materialized='view') }}

with

appointments as (
    select * from {{ ref('int_submitted_appointments') }}
),

repeated_appointments as (
    select
        submission_id,
        line_number,
        duplicate_rule
    from {{ ref('int_repeated_appointments') }}
),

final as (
    select
        appointments.submission_id,
        appointments.line_number,
        appointments.quarter,
        appointments.provider_code,
        appointments.pct_code,
        appointments.practice_code,
        appointments.age,
        appointments.sex,
        appointments.deprivation_quintile,
        appointments.attendance_status,
        appointments.first_attendance,
        appointments.referral_source,
        appointments.treatment_function,
        appointments.staff_type,
        appointments.is_private,
        repeated_appointments.duplicate_rule is not null as is_duplicate
    from appointments
    left join repeated_appointments
        on
            appointments.submission_id = repeated_appointments.submission_id
            and appointments.line_number = repeated_appointments.line_number
)

select * from final
