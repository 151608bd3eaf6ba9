with

submitted as (
    select
        feed,
        quarter,
        submitted_organisation_code,
        count(*) as n_rows
    from {{ ref('int_submission_rows') }}
    where is_effective and row_date is not null
    group by feed, quarter, submitted_organisation_code
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

final as (
    select
        submitted.feed,
        submitted.quarter,
        organisation_map.organisation_code,
        sum(submitted.n_rows) as n_rows
    from submitted
    inner join organisation_map
        on
            submitted.submitted_organisation_code = organisation_map.code
            and submitted.quarter = organisation_map.quarter
    group by submitted.feed, submitted.quarter, organisation_map.organisation_code
)

select * from final
