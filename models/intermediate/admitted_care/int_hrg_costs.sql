with

costs as (
    select
        financial_year,
        hrg_code,
        setting,
        unit_cost_gbp
    from {{ ref('hrg_costs') }}
),

quarters as (
    select
        quarter,
        financial_year
    from {{ ref('int_quarters') }}
),

final as (
    select
        costs.hrg_code,
        costs.setting,
        quarters.quarter,
        costs.financial_year,
        costs.unit_cost_gbp as unit_price_gbp
    from costs
    cross join quarters
    qualify row_number() over (
        partition by costs.hrg_code, costs.setting, quarters.quarter
        order by {{ latest_year_first('costs.financial_year', 'quarters.financial_year') }}
    ) = 1
)

select * from final
