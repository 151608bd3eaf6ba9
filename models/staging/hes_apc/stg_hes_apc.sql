with

source as (
    select * from {{ source('lake', 'hes_apc') }}
),

final as (
    select
        {{ typed_columns('hes_apc') }},
        {{ record_columns('hes_apc') }},
        {{ has_dummy_date('hes_apc', ['epistart', 'epiend', 'admidate', 'disdate', 'opdate_01']) }}
            as has_dummy_date,
        {{ field_states('hes_apc') }} as field_states,
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
