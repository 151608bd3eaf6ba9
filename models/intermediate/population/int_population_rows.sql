with

-- Rulebook 6.39: identical rows of a submission are one; 5.4: a total over a category is no part.
population as (
    select population_rows.*
    from {{ ref('stg_population') }} as population_rows
    left join {{ ref('int_repeated_rows') }} as repeated_rows
        on
            population_rows.submission_id = repeated_rows.submission_id
            and population_rows.line_number = repeated_rows.line_number
    where repeated_rows.quarantine_rule is null and not population_rows.is_of_no_category
),

submissions as (
    select
        submission_id,
        extract_date,
        landed_at
    from {{ ref('int_submissions') }}
),

organisation_codes as (
    select
        code,
        organisation_code
    from {{ ref('int_organisation_codes') }}
),

quarters as (
    select
        quarter,
        cast(left(financial_year, 4) as integer) as first_year
    from {{ ref('int_quarters') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

-- Rulebook 1.5: the latest extract per PCT and year.
latest as (
    select
        organisation_codes.organisation_code as pct_code,
        population.submission_id,
        population.population_year,
        population.age_band,
        population.sex,
        population.deprivation_quintile,
        population.population
    from population
    inner join submissions
        on population.submission_id = submissions.submission_id
    inner join organisation_codes
        on population.pct_code = organisation_codes.code
    qualify dense_rank() over (
        partition by organisation_codes.organisation_code, population.population_year
        order by submissions.extract_date desc, submissions.landed_at desc
    ) = 1
),

years as (
    select distinct
        pct_code,
        population_year
    from latest
    where population_year is not null
),

-- Rulebook 5.4: the latest year not after the financial year's first, else the earliest.
years_of_quarters as (
    select
        years.pct_code,
        quarters.quarter,
        years.population_year
    from years
    cross join quarters
    qualify row_number() over (
        partition by years.pct_code, quarters.quarter
        order by {{ latest_year_first('years.population_year', 'quarters.first_year') }}
    ) = 1
),

final as (
    select
        organisation_map.organisation_code,
        years_of_quarters.quarter,
        latest.pct_code,
        latest.submission_id,
        latest.population_year,
        latest.age_band,
        latest.sex,
        latest.deprivation_quintile,
        latest.population
    from years_of_quarters
    inner join latest
        on
            years_of_quarters.pct_code = latest.pct_code
            and years_of_quarters.population_year = latest.population_year
    inner join organisation_map
        on
            years_of_quarters.pct_code = organisation_map.code
            and years_of_quarters.quarter = organisation_map.quarter
)

select * from final
