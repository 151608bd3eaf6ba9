with

case_shares as (
    select
        indicator_id,
        organisation_code,
        quarter,
        practice_code,
        n_cases,
        share_of_cases,
        cost_gbp,
        excess_units,
        opportunity_annual_gbp
    from {{ ref('int_case_shares') }}
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        practice_code,
        cast(sum(n_cases) as bigint) as n_cases,
        sum(share_of_cases) as share_of_cases,
        sum(cost_gbp) as cost_gbp,
        sum(excess_units) as excess_units,
        sum(opportunity_annual_gbp) as opportunity_annual_gbp
    from case_shares
    group by indicator_id, organisation_code, quarter, practice_code
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
