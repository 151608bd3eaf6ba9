with

source as (
    select * from {{ source('lake', 'submissions') }}
),

final as (
    select
        submission_id,
        feed,
        period,
        period_start_date,
        period_end_date,
        extract_date,
        sender,
        file_name,
        checksum_sha256,
        size_bytes,
        landed_at,
        row_count,
        reject_count,
        invalid_count,
        encoding,
        delimiter,
        is_synthetic,
        profile_verdict,
        profile_failures
    from source
)

select * from final
