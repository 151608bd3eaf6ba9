with

source as (
    select * from {{ source('lake', 'salt') }}
),

final as (
    select salt
    from source
)

select * from final
