{{ drug_share('low_cost_statins') }}
