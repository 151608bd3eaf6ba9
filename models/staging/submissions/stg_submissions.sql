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
        inferred,
        file_name,
        checksum_sha256,
        size_bytes,
        landed_at,
        row_count,
        reject_count,
        invalid_count,
        reject_lines,
        suppressed_count,
        missing_count,
        unread_values,
        repeated_key_count,
        unknown_organisation_row_count,
        unknown_organisation_codes,
        unknown_organisation_gbp,
        unknown_organisation_item_count,
        line_count,
        column_names,
        container,
        preamble_line_count,
        encoding,
        delimiter,
        is_synthetic,
        profile_verdict,
        profile_failures
    from source
)

select * from final
