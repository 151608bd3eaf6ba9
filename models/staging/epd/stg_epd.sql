with

source as (
    select * from {{ source('lake', 'epd') }}
),

final as (
    select
        {{ typed_columns('epd') }},
        {{ record_columns('epd') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
