with

source as (
    select * from {{ source('lake', 'epact') }}
),

final as (
    select
        {{ typed_columns('epact') }},
        {{ record_columns('epact') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
