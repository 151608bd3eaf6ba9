-- Percentiles ascend with the value, whatever the direction; the benchmark is one of them.
select *
from {{ ref('fct_quartile_thresholds') }}
where
    {{ comparable('p10') }} > {{ comparable('p25') }}
    or {{ comparable('p25') }} > {{ comparable('median') }}
    or {{ comparable('median') }} > {{ comparable('p75') }}
    or {{ comparable('p75') }} > {{ comparable('p90') }}
    or best_quartile_threshold not in (p25, p75)
    or n_organisations < 1
