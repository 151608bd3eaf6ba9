with

source as (
    select * from {{ source('lake', 'hes_op') }}
),

final as (
    select
        {{ typed_columns('hes_op') }},
        {{ record_columns('hes_op') }},
        {{ field_states('hes_op') }} as field_states,
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
