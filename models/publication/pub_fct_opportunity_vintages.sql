with

-- Rulebook 10.3: what public releases showed, rounded as they did; a hidden row has no pounds.
released as (
    select
        release,
        published_at,
        indicator_id,
        organisation_code,
        organisation_class,
        quarter,
        is_in_published_total,
        {{ rounded_pounds('opportunity_annual_gbp') }} as opportunity_annual_gbp
    from {{ ref('int_released_values') }}
    where {{ was_shown() }}
),

{{ vintages(ref('pub_fct_opportunity')) }}

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from vintages
