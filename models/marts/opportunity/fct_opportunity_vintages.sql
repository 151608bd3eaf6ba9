with

released as (
    select * from {{ ref('int_released_values') }}
),

{{ vintages(ref('fct_opportunity')) }}

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from vintages
