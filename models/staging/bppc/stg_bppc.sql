with

source as (
    select * from {{ source('lake', 'bppc') }}
),

final as (
    select
        {{ typed_columns('bppc') }},
        {{ record_columns('bppc') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
