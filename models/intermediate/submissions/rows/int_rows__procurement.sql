with

staged as (
    select
        *,
        {{ row_identity('procurement') }}
    from {{ ref('stg_procurement') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
