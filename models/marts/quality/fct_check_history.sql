{{ config(materialized='view') }}

with

check_results as (
    select * from {{ ref('int_check_results') }}
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
    from check_results
)

select * from final
