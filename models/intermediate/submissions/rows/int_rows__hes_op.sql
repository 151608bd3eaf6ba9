with

staged as (
    select
        *,
        {{ row_identity('hes_op') }}
    from {{ ref('stg_hes_op') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
