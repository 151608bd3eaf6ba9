with

organisations as (
    select * from {{ ref('int_organisations') }}
),

quarters as (
    select
        quarter,
        quarter_start_date,
        quarter_end_date
    from {{ ref('int_quarters') }}
),

successions as (
    select
        old_code,
        effective_date
    from {{ ref('int_successions') }}
),

-- Rulebook 2.2.
final as (
    select
        organisations.organisation_code,
        quarters.quarter,
        organisations.organisation_type,
        organisations.organisation_class,
        organisations.is_specialist,
        organisations.sha_code,
        organisations.cluster
    from organisations
    cross join quarters
    left join successions
        on
            organisations.organisation_code = successions.old_code
            and quarters.quarter_end_date >= successions.effective_date
    where
        successions.old_code is null
        and coalesce(organisations.open_date <= quarters.quarter_end_date, true)
        and coalesce(organisations.close_date >= quarters.quarter_start_date, true)
)

select * from final
