-- Whose deprivation is not known is no case of BCBV04, 05 or 06, so that the five fifths of a PCT
-- hold all of its cases; England's those of the PCTs that are published or have a caveat. Of the
-- patients of trusts some are of no known fifth: England's fifths hold no more than all.
{% set of_residents = "('BCBV04', 'BCBV05', 'BCBV06')" -%}
with

results as (
    select
        indicator_id,
        organisation_code,
        quarter,
        numerator,
        value,
        publication_status in ('published', 'caveat') as is_published
    from {{ ref('fct_indicator_values') }}
    where
        indicator_id in ('BCBV01', 'BCBV02', 'BCBV03', 'BCBV20')
        or indicator_id in {{ of_residents }}
),

wanted as (
    select
        indicator_id,
        organisation_code as area_code,
        quarter,
        numerator as observed
    from results
    where indicator_id in {{ of_residents }} and value is not null
    union all
    select
        indicator_id,
        'england' as area_code,
        quarter,
        sum(numerator) as observed
    from results
    where is_published
    group by indicator_id, quarter
),

found as (
    select
        indicator_id,
        area_code,
        quarter,
        sum(observed) as observed,
        count(*) as n_fifths
    from {{ ref('fct_equity') }}
    group by indicator_id, area_code, quarter
),

final as (
    select
        wanted.indicator_id as wanted_indicator_id,
        wanted.area_code as wanted_area_code,
        wanted.observed as wanted_observed,
        found.*
    from wanted
    full outer join found
        on
            wanted.indicator_id = found.indicator_id
            and wanted.area_code = found.area_code
            and wanted.quarter = found.quarter
    where
        wanted.indicator_id is null
        or found.indicator_id is null
        or found.n_fifths <> 5
        or case
            when wanted.indicator_id in {{ of_residents }}
                then {{ differs('found.observed', 'wanted.observed') }}
            else found.observed > wanted.observed + 1e-6 * wanted.observed
        end
)

select * from final
