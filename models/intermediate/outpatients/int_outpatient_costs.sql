with

costs as (
    select
        financial_year,
        treatment_function,
        attendance,
        unit_cost_gbp
    from {{ ref('outpatient_costs') }}
),

quarters as (
    select
        quarter,
        financial_year
    from {{ ref('int_quarters') }}
),

final as (
    select
        costs.treatment_function,
        costs.attendance,
        quarters.quarter,
        costs.financial_year,
        costs.unit_cost_gbp as unit_price_gbp
    from costs
    cross join quarters
    qualify row_number() over (
        partition by costs.treatment_function, costs.attendance, quarters.quarter
        order by {{ latest_year_first('costs.financial_year', 'quarters.financial_year') }}
    ) = 1
)

select * from final
