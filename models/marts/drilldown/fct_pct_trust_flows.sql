with

parts as (
    select * from {{ ref('int_pct_trust_flows') }}
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        pct_code,
        provider_code,
        n_spells,
        observed,
        expected,
        excess_units,
        opportunity_annual_gbp
    from parts
)

select * from final
