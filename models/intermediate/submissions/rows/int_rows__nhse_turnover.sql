with

staged as (
    select
        *,
        {{ row_identity('nhse_turnover') }}
    from {{ ref('stg_nhse_turnover') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
