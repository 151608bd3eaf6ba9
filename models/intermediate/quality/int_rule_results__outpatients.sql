with

attendance_statuses as (
    select attendance_status from {{ ref('attendance_statuses') }}
    where outcome = 'unknown'
),

first_attendances as (
    select first_attendance from {{ ref('first_attendances') }}
    where attendance = 'unknown'
),

referral_sources as (
    select referral_source from {{ ref('referral_sources') }}
    where is_unknown
),

-- What is not given, or given as not known.
appointments as (
    select
        appointments.provider_code,
        appointments.pct_code,
        appointments.quarter,
        appointments.attendance_status is null
        or attendance_statuses.attendance_status is not null as is_without_attendance,
        appointments.first_attendance is null
        or first_attendances.first_attendance is not null as is_without_kind,
        appointments.referral_source is null
        or referral_sources.referral_source is not null as is_without_source
    from {{ ref('int_appointments') }} as appointments
    left join attendance_statuses
        on appointments.attendance_status = attendance_statuses.attendance_status
    left join first_attendances
        on appointments.first_attendance = first_attendances.first_attendance
    left join referral_sources
        on appointments.referral_source = referral_sources.referral_source
    where not appointments.is_duplicate
),

appointments_of_organisations as (
    {{ trusts_and_pcts(
        'appointments', ['is_without_attendance', 'is_without_kind', 'is_without_source']
    ) }}
),

counted as (
    {% for rule_id, fault in [
        ('O02', 'is_without_attendance'), ('O03', 'is_without_kind'), ('O04', 'is_without_source')
    ] -%}
        select
            '{{ rule_id }}' as rule_id,
            organisation_code,
            quarter,
            count(*) as n_checked,
            count(*) filter (where {{ fault }}) as n_failed
        from appointments_of_organisations
        group by organisation_code, quarter
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ rated_rules('counted', 'hes_op') }}

select * from final
