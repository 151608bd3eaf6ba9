with

population_rows as (
    select
        organisation_code,
        quarter,
        pct_code,
        age_band,
        sex,
        deprivation_quintile,
        population
    from {{ ref('int_population_rows') }}
),

open_organisations as (
    select
        organisation_code,
        quarter
    from {{ ref('int_open_organisations') }}
    where organisation_class = 'pct'
),

-- The quarters in which a rate per head is worked out.
covered as (
    select distinct quarter
    from {{ ref('int_submission_months') }}
    where is_effective and feed in ('hes_apc', 'hes_op', 'epact', 'epd')
),

judged as (
    select population_rows.*
    from population_rows
    inner join open_organisations
        on
            population_rows.organisation_code = open_organisations.organisation_code
            and population_rows.quarter = open_organisations.quarter
    inner join covered
        on population_rows.quarter = covered.quarter
),

pcts as (
    select
        organisation_code,
        quarter,
        count(distinct pct_code) as n_pcts
    from judged
    group by organisation_code, quarter
),

-- What was read of a band and sex of one PCT: all of it, or it counts as missing.
cells_of_pcts as (
    select
        organisation_code,
        quarter,
        pct_code,
        age_band,
        sex
    from judged
    where age_band is not null and sex is not null
    group by organisation_code, quarter, pct_code, age_band, sex
    having count(*) = count(population)
),

cells as (
    select
        organisation_code,
        quarter,
        age_band,
        sex,
        count(*) as n_pcts
    from cells_of_pcts
    group by organisation_code, quarter, age_band, sex
),

-- Rule N01: 18 bands of both sexes, of each PCT that a merger brought together.
counted as (
    select
        'N01' as rule_id,
        pcts.organisation_code,
        pcts.quarter,
        18 * 2 as n_checked,
        18 * 2 - count(cells.n_pcts) as n_failed
    from pcts
    left join cells
        on
            pcts.organisation_code = cells.organisation_code
            and pcts.quarter = cells.quarter
            and pcts.n_pcts = cells.n_pcts
    group by pcts.organisation_code, pcts.quarter
),

{{ rated_rules('counted', 'population') }}

select * from final
