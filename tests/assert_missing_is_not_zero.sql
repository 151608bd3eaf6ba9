-- Without a value there is no rank, gap or amount; with one, a gap is never negative.
select *
from {{ ref('fct_indicator_values') }}
where
    (
        value is null
        and coalesce(
            national_rank, quartile, gap, excess_units, opportunity_quarter_gbp,
            opportunity_annual_gbp
        ) is not null
    )
    or gap < 0
    or opportunity_quarter_gbp < 0
    or (
        publication_status = 'not_submitted'
        and coalesce(numerator, denominator, expected, unit_price_gbp) is not null
    )
