with

staged as (
    select
        *,
        {{ row_identity('esr_absence') }}
    from {{ ref('stg_esr_absence') }}
),

{{ judged_rows('staged') }}

select * from judged_rows
