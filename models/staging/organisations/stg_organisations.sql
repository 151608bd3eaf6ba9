with

source as (
    select * from {{ source('lake', 'organisations') }}
),

final as (
    select
        {{ typed_columns('organisations') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
