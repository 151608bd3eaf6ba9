{{ casemix_indicator(
    'pre_op_bed_days',
    spells='int_operation_spells',
    observed='capped_preop_days',
    price_id='bed_day'
) }}
