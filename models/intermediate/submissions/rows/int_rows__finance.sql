with

staged as (
    select
        *,
        {{ row_identity('finance') }}
    from {{ ref('stg_finance') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
