with

source as (
    select * from {{ source('lake', 'hes_op') }}
),

final as (
    select
        {{ typed_columns('hes_op') }},
        {{ record_columns('hes_op') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
