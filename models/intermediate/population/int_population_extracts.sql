with

population_rows as (
    select
        population.submission_id,
        population.pct_code,
        population.population_year,
        coalesce(organisation_codes.organisation_code, population.pct_code) as organisation_code,
        population.is_of_no_category
    from {{ ref('stg_population') }} as population
    left join {{ ref('int_organisation_codes') }} as organisation_codes
        on population.pct_code = organisation_codes.code
),

submissions as (
    select
        submission_id,
        extract_date,
        landed_at
    from {{ ref('int_submissions') }}
),

codes as (
    select
        submission_id,
        pct_code,
        population_year,
        organisation_code,
        bool_or(not is_of_no_category) as has_parts,
        count(*) as n_rows
    from population_rows
    group by submission_id, pct_code, population_year, organisation_code
),

-- Two codes of one PCT are of one extract.
extracts as (
    select
        submissions.extract_date,
        submissions.landed_at,
        codes.submission_id,
        codes.organisation_code,
        codes.population_year,
        bool_or(codes.has_parts) as has_parts
    from codes
    inner join submissions
        on codes.submission_id = submissions.submission_id
    group by
        submissions.extract_date, submissions.landed_at, codes.submission_id,
        codes.organisation_code, codes.population_year
),

-- Rulebook 1.5; what has only totals over a category (5.4) replaces no parts.
ranked as (
    select
        submission_id,
        organisation_code,
        population_year,
        row_number() over (
            partition by organisation_code, population_year
            order by has_parts desc, extract_date desc, landed_at desc
        ) = 1 as is_effective
    from extracts
),

final as (
    select
        codes.submission_id,
        codes.pct_code,
        codes.population_year,
        codes.n_rows,
        ranked.is_effective
    from codes
    inner join ranked
        on
            codes.submission_id = ranked.submission_id
            and codes.organisation_code is not distinct from ranked.organisation_code
            and codes.population_year is not distinct from ranked.population_year
)

select * from final
