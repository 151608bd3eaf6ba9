with

staged as (
    select
        *,
        {{ row_identity('bppc') }}
    from {{ ref('stg_bppc') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
