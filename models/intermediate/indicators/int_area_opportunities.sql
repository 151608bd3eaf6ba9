with

results as (
    select
        indicator_id,
        organisation_code,
        organisation_class,
        sha_code,
        quarter,
        opportunity_quarter_gbp
    from {{ ref('int_indicator_results') }}
),

indicators as (
    select
        indicator_id,
        in_published_total,
        published_from_quarter
    from {{ ref('indicators') }}
),

-- Interfaces 5.2.3: of an indicator on both classes, areas add up the trusts only.
classes_of_indicators as (
    select
        indicator_id,
        max(organisation_class) as area_class
    from results
    group by indicator_id
),

-- Interfaces 5.4.6: indicators with at least one amount in the quarter.
valued as (
    select
        results.*,
        results.organisation_class = classes_of_indicators.area_class as counts_for_areas,
        coalesce(
            indicators.in_published_total and results.quarter >= indicators.published_from_quarter,
            false
        ) as is_in_total
    from results
    inner join indicators
        on results.indicator_id = indicators.indicator_id
    inner join classes_of_indicators
        on results.indicator_id = classes_of_indicators.indicator_id
    qualify
        count(results.opportunity_quarter_gbp)
            over (partition by results.indicator_id, results.quarter)
        > 0
),

totals as (
    select
        organisation_code,
        organisation_class,
        sha_code,
        quarter,
        counts_for_areas,
        sum(opportunity_quarter_gbp) as total_gbp,
        -- A pre-operative day is a day of stay and is counted once (methodology 2.6). least() skips
        -- nulls, so that one of the two missing would count the other as overlap.
        least(
            coalesce(sum(opportunity_quarter_gbp) filter (where indicator_id = 'BCBV01'), 0),
            coalesce(sum(opportunity_quarter_gbp) filter (where indicator_id = 'BCBV02'), 0)
        ) as overlap_gbp
    from valued
    where is_in_total
    group by organisation_code, organisation_class, sha_code, quarter, counts_for_areas
),

lines as (
    select
        indicator_id,
        organisation_code,
        sha_code,
        quarter,
        counts_for_areas,
        opportunity_quarter_gbp
    from valued
    union all
    select
        'ALL' as indicator_id,
        organisation_code,
        sha_code,
        quarter,
        counts_for_areas,
        total_gbp as opportunity_quarter_gbp
    from totals
    union all
    select
        'ALL_NETTED' as indicator_id,
        organisation_code,
        sha_code,
        quarter,
        counts_for_areas,
        total_gbp - overlap_gbp as opportunity_quarter_gbp
    from totals
),

areas as (
    select
        indicator_id,
        'organisation' as area_level,
        organisation_code as area_code,
        quarter,
        opportunity_quarter_gbp
    from lines
    union all
    select
        indicator_id,
        'sha' as area_level,
        sha_code as area_code,
        quarter,
        opportunity_quarter_gbp
    from lines
    where sha_code is not null and counts_for_areas
    union all
    select
        indicator_id,
        'england' as area_level,
        'england' as area_code,
        quarter,
        opportunity_quarter_gbp
    from lines
    where counts_for_areas
),

final as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        sum(opportunity_quarter_gbp) as opportunity_quarter_gbp,
        {{ parameter('annualisation_factor') }} * sum(opportunity_quarter_gbp)
            as opportunity_annual_gbp
    from areas
    group by indicator_id, area_level, area_code, quarter
)

select * from final
