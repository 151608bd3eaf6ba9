{% macro is_missed(outcome) -%}
    {#- Whether an appointment of the denominator was missed (Rulebook 5.16); too late counts by the parameters. -#}
    (
        {{ outcome }} = 'did_not_attend'
        or ({{ outcome }} = 'late_not_seen' and {{ parameter('dna_counts_late_not_seen') }} = 1)
    )
{%- endmacro %}


{% macro outcomes_of_appointments() -%}
    {#- The outcomes of appointments that were kept or missed, as SQL constants; others are of no indicator. -#}
    'attended', 'did_not_attend', 'late_not_seen'
{%- endmacro %}


{% macro follow_up_parts() %}
    {#-
        CTEs from reference to follow_up_parts: attendances of a trust in a quarter by treatment function, first
        (n_firsts), follow-up (n_follow_ups), and how many follow-ups the reference has of so many firsts (expected). A
        function without a first in the reference says nothing and is left out (Rulebook 5.15).
    -#}
    reference as (
        {{ reference_organisations('follow_up_ratio') }}
    ),

    excluded_functions as (
        select treatment_function from {{ ref('excluded_treatment_functions') }}
        where indicator_id = 'BCBV15'
    ),

    -- Rulebook 5.15: specialties in which patients are followed for years say nothing here.
    activity as (
        select activity.*
        from {{ ref('int_outpatient_activity') }} as activity
        left join excluded_functions
            on activity.treatment_function = excluded_functions.treatment_function
        where activity.outcome = 'attended' and excluded_functions.treatment_function is null
    ),

    attendances as (
        select
            organisation_code,
            quarter,
            treatment_function,
            coalesce(sum(n_appointments) filter (where attendance = 'first'), 0) as n_firsts,
            coalesce(sum(n_appointments) filter (where attendance = 'follow_up'), 0) as n_follow_ups,
            coalesce(
                sum(n_appointments) filter (
                    where attendance = 'follow_up' and unit_cost_gbp is not null
                ), 0
            ) as n_priced,
            coalesce(
                sum(n_appointments * unit_cost_gbp) filter (where attendance = 'follow_up'), 0
            ) as follow_up_cost_gbp
        from activity
        group by organisation_code, quarter, treatment_function
    ),

    reference_ratios as (
        select
            attendances.quarter,
            attendances.treatment_function,
            sum(attendances.n_follow_ups) / sum(attendances.n_firsts) as follow_ups_per_first
        from attendances
        inner join reference
            on
                attendances.organisation_code = reference.organisation_code
                and attendances.quarter = reference.quarter
        group by attendances.quarter, attendances.treatment_function
        having sum(attendances.n_firsts) > 0
    ),

    follow_up_parts as (
        select
            attendances.*,
            attendances.n_firsts * reference_ratios.follow_ups_per_first as expected
        from attendances
        inner join reference_ratios
            on
                attendances.quarter = reference_ratios.quarter
                and attendances.treatment_function = reference_ratios.treatment_function
    )
{%- endmacro %}
