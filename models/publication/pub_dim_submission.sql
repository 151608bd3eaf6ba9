{% set counts = [
    'row_count', 'reject_count', 'invalid_count', 'suppressed_count', 'missing_count',
    'repeated_key_count', 'unknown_organisation_row_count',
] -%}
with

submissions as (
    select
        *,
        feed in ({{ activity_feeds() }}) as is_of_patients
    from {{ ref('dim_submission') }}
),

judged as (
    select
        *,
        is_of_patients and (
            {{ has_small_count(counts) }}
            or {{ is_small_count('row_count - reject_count') }}
        ) as is_hidden
    from submissions
),

-- Rulebook 10.7: line numbers and values read are the file's own, and are not published.
final as (
    select
        submission_id,
        feed,
        period,
        period_start_date,
        period_end_date,
        extract_date,
        sender,
        is_synthetic,
        inferred,
        file_name,
        checksum_sha256,
        size_bytes,
        landed_at,
        {{ patients_counts(counts[:3]) }},
        cast(null as varchar) as reject_lines,
        {{ patients_counts(counts[3:5]) }},
        cast(null as varchar) as unread_values,
        {{ patients_counts(counts[5:]) }},
        unknown_organisation_codes,
        unknown_organisation_gbp,
        unknown_organisation_item_count,
        container,
        preamble_line_count,
        profile_verdict,
        profile_failures,
        n_months,
        n_effective_months,
        unclassed_item_count,
        unclassed_gbp,
        {{ status_of_hidden() }} as disclosure_status
    from judged
)

select * from final
