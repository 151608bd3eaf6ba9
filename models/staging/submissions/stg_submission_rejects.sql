with

source as (
    select * from {{ source('lake', 'rejects') }}
),

final as (
    select
        submission_id,
        line_number,
        reason,
        line_text
    from source
)

select * from final
