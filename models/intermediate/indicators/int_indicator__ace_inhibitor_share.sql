{{ drug_share('ace_inhibitor_share') }}
