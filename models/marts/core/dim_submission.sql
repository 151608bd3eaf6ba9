with

submissions as (
    select * from {{ ref('int_submissions') }}
),

submission_months as (
    select * from {{ ref('int_submission_months') }}
),

months as (
    select
        submission_id,
        count(*) as n_months,
        count(*) filter (where is_effective) as n_effective_months
    from submission_months
    group by submission_id
),

unclassed as (
    select * from {{ ref('int_submission_unclassed') }}
),

final as (
    select
        submissions.submission_id,
        submissions.feed,
        submissions.period,
        submissions.period_start_date,
        submissions.period_end_date,
        submissions.extract_date,
        submissions.sender,
        submissions.is_synthetic,
        submissions.inferred,
        submissions.file_name,
        submissions.checksum_sha256,
        submissions.size_bytes,
        submissions.landed_at,
        submissions.row_count,
        submissions.reject_count,
        submissions.invalid_count,
        submissions.reject_lines,
        submissions.suppressed_count,
        submissions.missing_count,
        submissions.unread_values,
        submissions.repeated_key_count,
        submissions.unknown_organisation_row_count,
        submissions.unknown_organisation_codes,
        submissions.unknown_organisation_gbp,
        submissions.unknown_organisation_item_count,
        submissions.container,
        submissions.preamble_line_count,
        submissions.profile_verdict,
        submissions.profile_failures,
        months.n_months,
        months.n_effective_months,
        unclassed.unclassed_item_count,
        unclassed.unclassed_gbp
    from submissions
    left join months
        on submissions.submission_id = months.submission_id
    left join unclassed
        on submissions.submission_id = unclassed.submission_id
)

select * from final
