{{ population_indicator('outpatient_referrals') }}
