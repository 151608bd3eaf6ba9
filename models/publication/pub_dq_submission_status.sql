with

feeds as (
    select
        *,
        feed in ({{ activity_feeds() }}) as is_of_patients
    from {{ ref('dq_submission_status') }}
),

judged as (
    select
        *,
        is_of_patients and {{ is_small_count('n_records') }} as is_hidden
    from feeds
),

final as (
    select
        organisation_code,
        feed,
        quarter,
        {{ patients_counts(['n_records']) }},
        case when not is_hidden then {{ rounded_value('expected_records', 1) }} end
            as expected_records,
        {{ patients_share('completeness') }} as completeness,
        n_red,
        n_amber,
        rules_red,
        rules_amber,
        months_present,
        case when not is_hidden then {{ rounded_value('dq_score', 0) }} end as dq_score,
        verdict,
        {{ status_of_hidden() }} as disclosure_status
    from judged
)

select * from final
