with

area_values as (
    select * from {{ ref('int_area_values') }}
),

final as (
    select
        indicator_id,
        organisation_class,
        area_level,
        area_code,
        quarter,
        numerator,
        denominator,
        expected,
        crude_value,
        value,
        simple_mean,
        n_organisations,
        n_left_out
    from area_values
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
