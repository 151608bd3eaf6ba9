with

source as (
    select * from {{ source('lake', 'nhse_turnover') }}
),

final as (
    select
        {{ typed_columns('nhse_turnover') }},
        {{ record_columns('nhse_turnover') }},
        _submission_id as submission_id,
        _line as line_number
    from source
)

select * from final
