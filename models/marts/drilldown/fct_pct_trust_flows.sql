with

bed_days as (
    select
        indicator_id,
        organisation_code,
        quarter,
        pct_code,
        organisation_code as provider_code,
        cast(sum(n_spells) as bigint) as n_spells,
        sum(bed_days) as observed,
        sum(expected_bed_days) as expected,
        sum(excess_bed_days) as excess_units,
        sum(opportunity_annual_gbp) as opportunity_annual_gbp
    from {{ ref('int_bed_day_parts') }}
    group by indicator_id, organisation_code, quarter, pct_code
),

admissions as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_code as pct_code,
        provider_code,
        cast(sum(n_cases) as bigint) as n_spells,
        cast(sum(n_cases) as double) as observed,
        cast(null as double) as expected,
        sum(excess_units) as excess_units,
        sum(opportunity_annual_gbp) as opportunity_annual_gbp
    from {{ ref('int_case_shares') }}
    where indicator_id in ('BCBV04', 'BCBV05')
    group by indicator_id, organisation_code, quarter, provider_code
),

final as (
    select * from bed_days
    union all
    select * from admissions
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
