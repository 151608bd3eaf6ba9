with

source as (
    select * from {{ source('lake', 'hes_op') }}
),

read as (
    select
        *,
        {{ read_fields('hes_op') }}
    from source
),

final as (
    select
        {{ typed_columns('hes_op', are_read=true) }},
        {{ record_columns('hes_op') }},
        {{ field_states('hes_op') }} as field_states,
        _submission_id as submission_id,
        _line as line_number
    from read
)

select * from final
