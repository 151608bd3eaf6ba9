with

source as (
    select * from {{ source('lake', 'finance') }}
),

final as (
    select
        {{ typed_columns('finance') }},
        {{ record_columns('finance') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
