with

population_rows as (
    select
        organisation_code,
        quarter,
        pct_code,
        submission_id,
        population_year,
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
    where
        is_effective
        and feed in (
            {{ activity_feeds() }},
            {% for feed in prescribing_feeds() -%}
                '{{ feed }}'{{ ',' if not loop.last }}
            {% endfor %}
        )
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

organisation_codes as (
    select
        code,
        organisation_code
    from {{ ref('int_organisation_codes') }}
),

-- Rule D01 looks at every row of the extract that the quarter takes.
extracts as (
    select
        population.submission_id,
        organisation_codes.organisation_code as pct_code,
        population.population_year,
        count(*) as n_rows,
        count(repeated_rows.quarantine_rule) as n_repeated
    from {{ ref('stg_population') }} as population
    inner join organisation_codes
        on population.pct_code = organisation_codes.code
    left join {{ ref('int_repeated_rows') }} as repeated_rows
        on
            population.submission_id = repeated_rows.submission_id
            and population.line_number = repeated_rows.line_number
    group by
        population.submission_id, organisation_codes.organisation_code, population.population_year
),

judged_extracts as (
    select distinct
        organisation_code,
        quarter,
        submission_id,
        pct_code,
        population_year
    from judged
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
    union all
    select
        'D01' as rule_id,
        judged_extracts.organisation_code,
        judged_extracts.quarter,
        sum(extracts.n_rows) as n_checked,
        sum(extracts.n_repeated) as n_failed
    from judged_extracts
    inner join extracts
        on
            judged_extracts.submission_id = extracts.submission_id
            and judged_extracts.pct_code = extracts.pct_code
            and judged_extracts.population_year = extracts.population_year
    group by judged_extracts.organisation_code, judged_extracts.quarter
),

{{ rated_rules('counted', 'population') }}

select * from final
