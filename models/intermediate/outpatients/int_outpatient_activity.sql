with

appointments as (
    select
        provider_code,
        quarter,
        treatment_function,
        first_attendance,
        attendance_status,
        count(*) as n_appointments
    from {{ ref('int_appointments') }}
    where
        not is_duplicate
        and not is_private
        and not {{ is_mental_health_specialty('treatment_function') }}
    group by provider_code, quarter, treatment_function, first_attendance, attendance_status
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

mapped as (
    select
        organisation_map.organisation_code,
        appointments.quarter,
        coalesce(appointments.treatment_function, 'none') as treatment_function,
        case
            when appointments.first_attendance in ('1', '3') then 'first'
            when appointments.first_attendance in ('2', '4') then 'follow_up'
        end as attendance,
        case
            when appointments.attendance_status in ('5', '6') then 'attended'
            when appointments.attendance_status = '3' then 'did_not_attend'
            when appointments.attendance_status = '7' then 'late_not_seen'
        end as outcome,
        sum(appointments.n_appointments) as n_appointments
    from appointments
    inner join organisation_map
        on
            appointments.provider_code = organisation_map.code
            and appointments.quarter = organisation_map.quarter
    group by all
),

final as (
    select
        mapped.organisation_code,
        mapped.quarter,
        mapped.treatment_function,
        mapped.attendance,
        mapped.outcome,
        mapped.n_appointments,
        {{ attendance_cost() }} as unit_cost_gbp
    from mapped
    {{ with_attendance_costs('mapped', attendance='mapped.attendance') }}
)

select * from final
