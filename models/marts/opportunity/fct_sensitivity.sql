with

organisations as (
    select * from {{ ref('int_opportunity_scenarios') }}
),

{{ scenario_sums() }},

final as (
    select * from scenario_sums
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
