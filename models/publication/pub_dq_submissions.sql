{% set counts = [
    'n_lines', 'n_rejected', 'n_landed', 'n_superseded', 'n_quarantined', 'n_in_use', 'n_a01',
    'n_a03', 'n_a06', 'n_d01', 'n_f01', 'n_o01', 'n_org', 'n_p02', 'n_t01',
] -%}
with

submissions as (
    select
        *,
        feed in ({{ activity_feeds() }}) as is_of_patients
    from {{ ref('dq_submissions') }}
),

judged as (
    select
        *,
        is_of_patients and {{ has_small_count(counts) }} as is_hidden
    from submissions
),

final as (
    select
        submission_id,
        feed,
        sender,
        file_name,
        period,
        extract_date,
        landed_at,
        is_effective,
        {{ patients_counts(counts) }},
        profile_verdict,
        profile_failures,
        {{ status_of_hidden() }} as disclosure_status
    from judged
)

select * from final
