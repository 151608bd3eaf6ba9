with

seed as (
    select * from {{ ref('organisations') }}
),

landed as (
    select * from {{ ref('stg_organisations') }}
),

submissions as (
    select
        submission_id,
        extract_date,
        landed_at
    from {{ ref('int_submissions') }}
),

codes_by_form as (
    select area_team_code from {{ ref('int_codes_by_form') }}
),

organisation_types as (
    select * from {{ ref('organisation_types') }}
),

-- Rulebook 1.5: per code the row of the latest extract, which overrides the seed's row whole.
latest_landed as (
    select landed.*
    from landed
    inner join submissions
        on landed.submission_id = submissions.submission_id
    where landed.organisation_code is not null
    qualify row_number() over (
        partition by landed.organisation_code
        order by submissions.extract_date desc, submissions.landed_at desc, landed.line_number asc
    ) = 1
),

listed as (
    select
        organisation_code,
        organisation_name,
        lower(organisation_type) as organisation_type,
        sha_code,
        open_date,
        close_date,
        cluster,
        'submission ' || submission_id as source,
        submission_id
    from latest_landed
    union all
    select
        upper(trim(org_code)) as organisation_code,
        org_name as organisation_name,
        org_type as organisation_type,
        sha_code,
        open_date,
        close_date,
        cluster,
        source,
        cast(null as varchar) as submission_id
    from seed
    where upper(trim(org_code)) not in (
        select latest_landed.organisation_code from latest_landed
    )
),

-- Rulebook 2.7: nobody lists the area teams, so that their items and pounds would be unknown.
area_teams as (
    select distinct area_team_code
    from codes_by_form
    where
        area_team_code is not null
        and area_team_code not in (select listed.organisation_code from listed)
),

combined as (
    select * from listed
    union all
    select
        area_team_code as organisation_code,
        'NHS England area team ' || area_team_code as organisation_name,
        'other' as organisation_type,
        cast(null as varchar) as sha_code,
        cast(null as date) as open_date,
        cast(null as date) as close_date,
        cast(null as varchar) as cluster,
        'the form of its code in prescribing data' as source,
        cast(null as varchar) as submission_id
    from area_teams
),

final as (
    select
        combined.*,
        organisation_types.organisation_class,
        coalesce(organisation_types.is_specialist, false) as is_specialist
    from combined
    left join organisation_types
        on combined.organisation_type = organisation_types.org_type
)

select * from final
