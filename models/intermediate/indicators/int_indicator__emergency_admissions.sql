{{ population_indicator('emergency_admissions') }}
