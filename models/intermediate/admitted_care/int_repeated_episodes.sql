with

episodes as (
    select
        submission_id,
        line_number,
        record_key,
        submission_date,
        episode_key,
        person_id,
        final_organisation_code,
        episode_start_date,
        episode_end_date,
        episode_order,
        admission_date,
        patient_classification,
        submitted_primary_diagnosis,
        submitted_primary_procedure
    from {{ ref('int_submitted_episodes') }}
    where is_valid
),

-- Codes are compared as submitted.
{{ repeats(
    'episodes',
    same_care=[
        'episode_start_date', 'episode_end_date', 'episode_order', 'admission_date',
        'patient_classification', 'submitted_primary_diagnosis', 'submitted_primary_procedure'
    ],
    record_key='episode_key'
) }},

final as (
    select
        submission_id,
        line_number,
        record_key,
        case when is_repeated_care then 'A01' else 'A03' end as duplicate_rule
    from repeats
)

select * from final
