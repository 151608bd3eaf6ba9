with

source as (
    select * from {{ source('lake', 'hes_apc') }}
),

final as (
    select
        {{ typed_columns('hes_apc') }},
        {{ record_columns('hes_apc') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
