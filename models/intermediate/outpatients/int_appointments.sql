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

attendance_statuses as (
    select
        attendance_status,
        outcome
    from {{ ref('attendance_statuses') }}
),

first_attendances as (
    select
        first_attendance,
        attendance
    from {{ ref('first_attendances') }}
),

referral_sources as (
    select
        referral_source,
        is_general_practitioner,
        is_unknown
    from {{ ref('referral_sources') }}
),

-- Files write 1 as well as 01.
staff_types as (
    select
        cast(staff_type as integer) as staff_number,
        is_consultant_team or is_unknown as may_be_consultant_team
    from {{ ref('staff_types') }}
),

mental_health_specialties as (
    select specialty from {{ ref('mental_health_specialties') }}
),

-- A code that is missing does not say; one that is in no list says something that we do not know.
final as (
    select
        appointments.submission_id,
        appointments.line_number,
        appointments.quarter,
        appointments.submitted_provider_code,
        appointments.submitted_pct_code,
        appointments.practice_code,
        appointments.age,
        appointments.sex,
        appointments.deprivation_quintile,
        appointments.treatment_function,
        attendance_statuses.outcome,
        first_attendances.attendance,
        coalesce(attendance_statuses.outcome = 'unknown', appointments.attendance_status is null)
            as is_without_outcome,
        coalesce(first_attendances.attendance = 'unknown', appointments.first_attendance is null)
            as is_without_attendance,
        coalesce(referral_sources.is_unknown, appointments.referral_source is null)
            as is_without_source,
        coalesce(referral_sources.is_general_practitioner, false)
            as is_referred_by_general_practitioner,
        coalesce(staff_types.may_be_consultant_team, appointments.staff_type is null)
            as is_seen_by_consultant_team,
        mental_health_specialties.specialty is not null as is_mental_health,
        appointments.is_private,
        repeated_appointments.duplicate_rule is not null as is_duplicate
    from appointments
    left join repeated_appointments
        on
            appointments.submission_id = repeated_appointments.submission_id
            and appointments.line_number = repeated_appointments.line_number
    left join attendance_statuses
        on appointments.attendance_status = attendance_statuses.attendance_status
    left join first_attendances
        on appointments.first_attendance = first_attendances.first_attendance
    left join referral_sources
        on appointments.referral_source = referral_sources.referral_source
    left join staff_types
        on try_cast(appointments.staff_type as integer) = staff_types.staff_number
    left join mental_health_specialties
        on appointments.treatment_function = mental_health_specialties.specialty
)

select * from final
