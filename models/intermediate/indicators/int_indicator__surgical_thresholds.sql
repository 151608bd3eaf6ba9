{{ population_indicator('surgical_thresholds') }}
