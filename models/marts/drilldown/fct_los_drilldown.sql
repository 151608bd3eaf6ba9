{{ bed_days_by_consultant('int_los_drilldown') }}
