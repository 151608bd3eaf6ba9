with

staged as (
    select
        *,
        {{ row_identity('hes_apc') }}
    from {{ ref('stg_hes_apc') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
