with

source as (
    select * from {{ source('lake', 'profiles') }}
),

final as (
    select
        submission_id,
        column_name,
        organisation_code,
        row_count,
        null_count,
        suppressed_count,
        invalid_count,
        distinct_count,
        least_value,
        greatest_value
    from source
)

select * from final
