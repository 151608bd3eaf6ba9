{{ bed_days_by_consultant('int_preop_drilldown') }}
