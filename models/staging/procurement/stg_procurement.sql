with

source as (
    select * from {{ source('lake', 'procurement') }}
),

final as (
    select
        {{ typed_columns('procurement') }},
        {{ record_columns('procurement') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
