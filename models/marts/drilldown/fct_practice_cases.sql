with

parts as (
    select * from {{ ref('int_practice_cases') }}
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        practice_code,
        n_cases,
        share_of_cases,
        cost_gbp,
        excess_units,
        opportunity_annual_gbp
    from parts
)

select * from final
