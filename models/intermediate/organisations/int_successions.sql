with

seed as (
    select * from {{ ref('successions') }}
),

landed as (
    select * from {{ ref('stg_successions') }}
),

submissions as (
    select
        submission_id,
        extract_date,
        landed_at
    from {{ ref('int_submissions') }}
),

-- Rulebook 1.5: per old code the latest extract's row, which overrides the seed's row whole.
latest_landed as (
    select landed.*
    from landed
    inner join submissions
        on landed.submission_id = submissions.submission_id
    where landed.old_organisation_code is not null
    qualify row_number() over (
        partition by landed.old_organisation_code
        order by submissions.extract_date desc, submissions.landed_at desc, landed.line_number asc
    ) = 1
),

final as (
    select
        old_organisation_code as old_code,
        new_organisation_code as new_code,
        effective_date,
        submission_id
    from latest_landed
    union all
    select
        upper(trim(old_code)) as old_code,
        upper(trim(new_code)) as new_code,
        effective_date,
        cast(null as varchar) as submission_id
    from seed
    where upper(trim(old_code)) not in (
        select latest_landed.old_organisation_code from latest_landed
    )
)

select * from final
