with

staged as (
    select
        *,
        {{ row_identity('esr_movement') }}
    from {{ ref('stg_esr_movement') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
