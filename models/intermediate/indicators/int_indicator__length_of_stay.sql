{{ casemix_indicator(
    'length_of_stay',
    spells='int_ordinary_spells',
    observed='capped_los_days',
    price_id='bed_day'
) }}
