-- Every drill-down adds up to the organisation's indicator: what was observed, what was expected,
-- what is above the benchmark, and the pounds.
with

indicator_values as (
    select
        indicator_id,
        organisation_code,
        quarter,
        numerator,
        expected,
        case
            when indicator_id in ('BCBV01', 'BCBV02', 'BCBV04', 'BCBV05', 'BCBV06')
                then numerator - expected * benchmark_value / 100
        end as distance_units,
        excess_units,
        opportunity_annual_gbp
    from {{ ref('fct_indicator_values') }}
),

parts as (
    {% for indicator_id, model in [
        ('BCBV01', 'fct_los_drilldown'), ('BCBV02', 'fct_preop_drilldown')
    ] -%}
        select
            '{{ model }}' as drilldown,
            '{{ indicator_id }}' as indicator_id,
            organisation_code,
            quarter,
            bed_days as observed,
            expected_bed_days as expected,
            excess_bed_days as excess_units,
            opportunity_annual_gbp
        from {{ ref(model) }}
        union all
    {% endfor -%}
    select
        'fct_indicator_breakdown' as drilldown,
        indicator_id,
        organisation_code,
        quarter,
        observed,
        expected,
        excess_units,
        opportunity_annual_gbp
    from {{ ref('fct_indicator_breakdown') }}
    union all
    select
        'fct_pct_trust_flows' as drilldown,
        indicator_id,
        organisation_code,
        quarter,
        observed,
        expected,
        excess_units,
        opportunity_annual_gbp
    from {{ ref('fct_pct_trust_flows') }}
    union all
    select
        'fct_practice_cases' as drilldown,
        indicator_id,
        organisation_code,
        quarter,
        n_cases as observed,
        null as expected,
        excess_units,
        opportunity_annual_gbp
    from {{ ref('fct_practice_cases') }}
    union all
    select
        'fct_practice_prescribing' as drilldown,
        indicator_id,
        organisation_code,
        quarter,
        numerator as observed,
        null as expected,
        null as excess_units,
        null as opportunity_annual_gbp
    from {{ ref('fct_practice_prescribing') }}
),

sums as (
    select
        drilldown,
        indicator_id,
        organisation_code,
        quarter,
        sum(observed) as observed,
        sum(expected) as expected,
        sum(excess_units) as excess_units,
        sum(opportunity_annual_gbp) as opportunity_annual_gbp
    from parts
    group by drilldown, indicator_id, organisation_code, quarter
),

drilldowns as (
    select distinct
        drilldown,
        indicator_id
    from parts
),

-- Every organisation with something to split, whether or not a drill-down has parts of it.
wholes as (
    select
        drilldowns.drilldown,
        indicator_values.*
    from indicator_values
    inner join drilldowns
        on indicator_values.indicator_id = drilldowns.indicator_id
    where indicator_values.numerator > 0
),

-- Admissions by practice and by provider share out the floored excess, the others the distance
-- itself, which is the excess wherever there is one.
compared as (
    select
        coalesce(wholes.drilldown, sums.drilldown) as drilldown,
        coalesce(wholes.indicator_id, sums.indicator_id) as indicator_id,
        coalesce(wholes.organisation_code, sums.organisation_code) as organisation_code,
        coalesce(wholes.quarter, sums.quarter) as quarter,
        coalesce(sums.observed, 0) as observed,
        sums.expected,
        sums.excess_units,
        sums.opportunity_annual_gbp,
        coalesce(wholes.numerator, 0) as whole_observed,
        wholes.expected as whole_expected,
        case
            when
                wholes.drilldown = 'fct_practice_cases'
                or (
                    wholes.drilldown = 'fct_pct_trust_flows'
                    and wholes.indicator_id in ('BCBV04', 'BCBV05')
                )
                then wholes.excess_units
            else wholes.distance_units
        end as whole_excess_units,
        wholes.opportunity_annual_gbp as whole_opportunity_annual_gbp
    from wholes
    full outer join sums
        on
            wholes.drilldown = sums.drilldown
            and wholes.indicator_id = sums.indicator_id
            and wholes.organisation_code = sums.organisation_code
            and wholes.quarter = sums.quarter
),

final as (
    select *
    from compared
    where
        abs(observed - whole_observed) > 1e-6
        or abs(expected - whole_expected) > 1e-6 * greatest(1, whole_expected)
        or abs(excess_units - whole_excess_units) > 1e-6 * greatest(1, whole_observed)
        or abs(opportunity_annual_gbp - whole_opportunity_annual_gbp)
        > 1e-6 * greatest(1, whole_opportunity_annual_gbp)
)

select * from final
