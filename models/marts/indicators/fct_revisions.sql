with

released as (
    select * from {{ ref('int_released_values') }}
),

current_rows as (
    select
        indicator_id,
        organisation_code,
        quarter,
        value,
        opportunity_annual_gbp,
        data_fingerprint,
        disclosure_status
    from {{ ref('int_ledger_rows') }}
),

{{ revisions('released', 'current_rows') }},

final as (
    select
        *,
        {{ first_day_of_quarter('quarter') }} as quarter_start_date
    from revisions
)

select * from final
