with

spells as (
    select * from {{ ref('int_ordinary_spells') }}
    where organisation_code is not null
),

reference as (
    {{ reference_organisations('length_of_stay') }}
),

bed_day_prices as (
    select
        quarter,
        unit_price_gbp
    from {{ ref('int_unit_prices') }}
    where price_id = 'bed_day'
),

{{ indirectly_standardised('spells', 'capped_los_days', 20) }},

final as (
    select
        standardised.organisation_code,
        standardised.quarter,
        standardised.numerator,
        standardised.denominator,
        standardised.expected,
        standardised.numerator / nullif(standardised.denominator, 0) as crude_value,
        100.0 * standardised.numerator / nullif(standardised.expected, 0) as value,
        standardised.expected / 100 as volume,
        cast(null as double) as volume_limit,
        bed_day_prices.unit_price_gbp
    from standardised
    left join bed_day_prices
        on standardised.quarter = bed_day_prices.quarter
)

select * from final
