with

source as (
    select * from {{ source('audit', 'check_results') }}
),

final as (
    select
        build_id,
        built_at,
        as_at,
        kind,
        name,
        status,
        n_failures,
        execution_s
    from source
)

select * from final
