with

appointments as (
    select
        submitted_provider_code,
        quarter,
        coalesce(treatment_function, 'none') as treatment_function,
        attendance,
        outcome,
        count(*) as n_appointments
    from {{ ref('int_appointments') }}
    where
        not is_duplicate
        and not is_private
        and not is_mental_health
    group by
        submitted_provider_code, quarter, coalesce(treatment_function, 'none'), attendance, outcome
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
        appointments.treatment_function,
        appointments.attendance,
        appointments.outcome,
        sum(appointments.n_appointments) as n_appointments
    from appointments
    inner join organisation_map
        on
            appointments.submitted_provider_code = organisation_map.code
            and appointments.quarter = organisation_map.quarter
    group by
        organisation_map.organisation_code, appointments.quarter, appointments.treatment_function,
        appointments.attendance, appointments.outcome
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
