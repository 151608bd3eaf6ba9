with

source as (
    select * from {{ source('lake', 'successions') }}
),

final as (
    select
        {{ typed_columns('successions') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
