with

staged as (
    select
        *,
        {{ row_identity('epact') }}
    from {{ ref('stg_epact') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
