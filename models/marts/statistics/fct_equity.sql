with

totals as (
    select * from {{ ref('int_equity_totals') }}
),

{{ equity_values() }},

final as (
    select * from equity_values
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
