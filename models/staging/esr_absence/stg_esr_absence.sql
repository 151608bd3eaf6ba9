with

source as (
    select * from {{ source('lake', 'esr_absence') }}
),

final as (
    select
        {{ typed_columns('esr_absence') }},
        {{ record_columns('esr_absence') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
