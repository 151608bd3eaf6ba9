{% set counts = ['n_checked', 'n_failed'] -%}
with

-- These three judge one figure, or months, and count nobody.
results as (
    select
        *,
        feed in ({{ activity_feeds() }}) and rule_id not in ('FOLLOWUP', 'V01', 'V03')
            as is_of_patients
    from {{ ref('dq_rule_results') }}
),

judged as (
    select
        *,
        is_of_patients and (
            {{ has_small_count(counts) }}
            or {{ is_small_count('n_checked - n_failed') }}
        ) as is_hidden
    from results
),

final as (
    select
        rule_id,
        organisation_code,
        feed,
        quarter,
        {{ patients_counts(counts) }},
        {{ patients_share('rate') }} as rate,
        amber_threshold,
        red_threshold,
        -- On which side of a bound the share lies would leave one or two of few.
        case when not is_hidden then outcome end as outcome,
        {{ status_of_hidden() }} as disclosure_status
    from judged
)

select * from final
