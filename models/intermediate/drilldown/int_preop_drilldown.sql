{{ bed_day_drilldown(
    'pre_op_bed_days',
    spells='int_operation_spells',
    observed='capped_preop_days'
) }}
