{{ casemix_cells(
    'length_of_stay',
    spells='int_ordinary_spells',
    observed='capped_los_days',
    min_reference_spells='los_min_reference_spells'
) }}
