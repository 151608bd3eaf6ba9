with

prices as (
    select
        financial_year,
        price_id,
        gbp
    from {{ ref('unit_prices') }}
),

quarters as (
    select
        quarter,
        financial_year
    from {{ ref('int_quarters') }}
),

final as (
    select
        prices.price_id,
        quarters.quarter,
        prices.financial_year,
        prices.gbp as unit_price_gbp
    from prices
    cross join quarters
    qualify row_number() over (
        partition by prices.price_id, quarters.quarter
        order by {{ latest_year_first('prices.financial_year', 'quarters.financial_year') }}
    ) = 1
)

select * from final
