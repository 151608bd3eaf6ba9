with

source as (
    select * from {{ source('lake', 'esr_movement') }}
),

final as (
    select
        {{ typed_columns('esr_movement') }},
        {{ record_columns('esr_movement') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
