{{ drug_share('low_cost_statins', 'statin_low_cost', ['statin_all']) }}
