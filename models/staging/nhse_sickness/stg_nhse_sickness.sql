with

source as (
    select * from {{ source('lake', 'nhse_sickness') }}
),

final as (
    select
        {{ typed_columns('nhse_sickness') }},
        {{ record_columns('nhse_sickness') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
