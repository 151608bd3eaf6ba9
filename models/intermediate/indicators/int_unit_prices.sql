with

unit_prices as (
    select
        price_id,
        financial_year,
        gbp
    from {{ ref('unit_prices') }}
),

quarters as (
    select
        quarter,
        financial_year
    from {{ ref('int_quarters') }}
),

-- Interfaces 5.5: the latest financial year not after the quarter's, else the earliest.
final as (
    select
        unit_prices.price_id,
        quarters.quarter,
        unit_prices.financial_year,
        unit_prices.gbp as unit_price_gbp
    from unit_prices
    cross join quarters
    qualify row_number() over (
        partition by unit_prices.price_id, quarters.quarter
        order by
            unit_prices.financial_year <= quarters.financial_year desc,
            case
                when
                    unit_prices.financial_year <= quarters.financial_year
                    then unit_prices.financial_year
            end desc,
            unit_prices.financial_year asc
    ) = 1
)

select * from final
