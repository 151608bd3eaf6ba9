with

parts as (
    select * from {{ ref('int_indicator_breakdown') }}
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        item_id,
        item_name,
        observed,
        expected,
        value,
        excess_units,
        opportunity_annual_gbp
    from parts
)

select * from final
