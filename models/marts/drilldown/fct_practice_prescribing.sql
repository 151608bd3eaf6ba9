with

shares as (
    select * from {{ ref('int_drug_shares') }}
),

results as (
    select
        indicator_id,
        organisation_code,
        quarter,
        benchmark_value
    from {{ ref('int_indicators_benchmarked') }}
),

reference_savings as (
    select * from {{ ref('int_drug_reference_savings') }}
),

-- Prescribing that no practice is known for counts for the PCT, but is nobody's to change. BCBV19
-- is no share of items and has no practices here.
compared as (
    select
        shares.indicator_id,
        shares.organisation_code,
        coalesce(shares.practice_code, 'unknown') as practice_code,
        shares.quarter,
        cast(shares.numerator as double) as numerator,
        cast(shares.denominator as double) as denominator,
        shares.numerator / shares.denominator as value,
        results.benchmark_value,
        case
            when shares.practice_code is not null and results.benchmark_value is not null
                then greatest(0.0, results.benchmark_value - shares.numerator / shares.denominator)
        end as gap,
        {{ own_saving_per_item('shares', 'reference_savings') }} as unit_price_gbp
    from shares
    inner join results
        on
            shares.indicator_id = results.indicator_id
            and shares.organisation_code = results.organisation_code
            and shares.quarter = results.quarter
    left join reference_savings
        on
            shares.indicator_id = reference_savings.indicator_id
            and shares.quarter = reference_savings.quarter
    where shares.denominator > 0
),

final as (
    select
        indicator_id,
        organisation_code,
        practice_code,
        quarter,
        numerator,
        denominator,
        value,
        benchmark_value,
        gap,
        gap * denominator as excess_units,
        unit_price_gbp,
        {{ parameter('annualisation_factor') }} * gap * denominator * unit_price_gbp
            as opportunity_annual_gbp
    from compared
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
