with

staged as (
    select
        *,
        {{ row_identity('nhse_sickness') }}
    from {{ ref('stg_nhse_sickness') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
