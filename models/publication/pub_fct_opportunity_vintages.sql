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

{{ released_sums() }},

england as (
    select * from released_sums
    union all
    select
        indicator_id,
        quarter,
        'current' as release,
        cast(null as timestamp) as published_at,
        opportunity_annual_gbp
    from {{ ref('pub_fct_opportunity') }}
    where area_level = 'england'
),

final as (
    select
        indicator_id,
        'england' as area_code,
        quarter,
        release,
        published_at,
        opportunity_annual_gbp
    from england
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
