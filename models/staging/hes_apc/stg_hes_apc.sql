with

source as (
    select * from {{ source('lake', 'hes_apc') }}
),

read as (
    select
        *,
        {{ read_fields('hes_apc') }}
    from source
),

final as (
    select
        {{ typed_columns('hes_apc', are_read=true) }},
        {{ record_columns('hes_apc') }},
        {{ has_dummy_date('hes_apc', ['epistart', 'epiend', 'admidate', 'disdate', 'opdate_01']) }}
            as has_dummy_date,
        {{ field_states('hes_apc') }} as field_states,
        _submission_id as submission_id,
        _line as line_number
    from read
)

select * from final
