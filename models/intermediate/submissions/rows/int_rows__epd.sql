with

staged as (
    select
        *,
        {{ row_identity('epd') }}
    from {{ ref('stg_epd') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
