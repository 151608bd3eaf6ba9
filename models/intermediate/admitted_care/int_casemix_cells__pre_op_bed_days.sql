{{ casemix_cells(
    'pre_op_bed_days',
    spells='int_operation_spells',
    observed='capped_preop_days',
    min_reference_spells='preop_min_reference_spells'
) }}
