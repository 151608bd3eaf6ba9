{{ bed_day_drilldown(
    'length_of_stay',
    spells='int_ordinary_spells',
    observed='capped_los_days'
) }}
