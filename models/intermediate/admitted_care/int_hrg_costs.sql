{{ prices_by_quarter('hrg_costs', keys=['hrg_code', 'setting'], price='unit_cost_gbp') }}
