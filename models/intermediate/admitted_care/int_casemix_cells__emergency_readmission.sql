{{ casemix_cells(
    'emergency_readmission',
    spells='int_index_spells',
    observed='n_readmissions'
) }}
