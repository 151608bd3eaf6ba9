with

source as (
    select * from {{ source('lake', 'population') }}
),

final as (
    select
        {{ typed_columns('population') }},
        {{ record_columns('population') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
