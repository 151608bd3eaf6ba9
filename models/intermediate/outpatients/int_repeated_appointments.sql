with

-- An appointment without a day belongs to no quarter and repeats nothing.
appointments as (
    select
        submission_id,
        line_number,
        record_key,
        submission_date,
        appointment_key,
        person_id,
        final_organisation_code,
        appointment_date,
        treatment_function,
        first_attendance,
        attendance_status
    from {{ ref('int_submitted_appointments') }}
    where appointment_date is not null
),

-- Rule O01, as A01 and A03 of episodes.
{{ repeats(
    'appointments',
    same_care=[
        'appointment_date', 'treatment_function', 'first_attendance', 'attendance_status'
    ],
    record_key='appointment_key'
) }},

final as (
    select
        submission_id,
        line_number,
        record_key,
        'O01' as duplicate_rule
    from repeats
)

select * from final
