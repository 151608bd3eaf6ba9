{{ prices_by_quarter(
    'outpatient_costs',
    keys=['treatment_function', 'attendance'],
    price='unit_cost_gbp'
) }}
