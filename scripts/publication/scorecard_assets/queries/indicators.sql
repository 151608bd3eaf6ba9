-- One row per indicator.
select
    indicator_id,
    name,
    area_class,
    direction,
    unit,
    is_standardised,
    standardisation,
    price_basis,
    numerator_label,
    denominator_label,
    above_words,
    below_words,
    why_it_matters,
    caveats,
    how_to_improve
from dim_indicator
order by indicator_id
