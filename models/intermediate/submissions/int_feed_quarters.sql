with

submission_counts as (
    select
        feed,
        quarter,
        submitted_organisation_code,
        submitted_commissioner_code,
        month_start_date,
        n_rows
    from {{ ref('int_submission_counts') }}
    where is_effective and quarter is not null
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

organisations as (
    select
        organisation_code,
        organisation_class
    from {{ ref('int_organisations') }}
),

-- Activity belongs to the trust that gave it and to the PCT that it was for (Rulebook 2.4); a
-- PCT that runs a hospital is no trust for that. Other feeds are about whoever sent them.
submitted as (
    select
        feed,
        quarter,
        month_start_date,
        submitted_organisation_code as code,
        case when feed in ({{ activity_feeds() }}) then 'trust' end as only_class,
        sum(n_rows) as n_rows
    from submission_counts
    group by feed, quarter, month_start_date, submitted_organisation_code
    union all
    select
        feed,
        quarter,
        month_start_date,
        submitted_commissioner_code as code,
        'pct' as only_class,
        sum(n_rows) as n_rows
    from submission_counts
    where submitted_commissioner_code is not null
    group by feed, quarter, month_start_date, submitted_commissioner_code
),

final as (
    select
        submitted.feed,
        submitted.quarter,
        organisation_map.organisation_code,
        sum(submitted.n_rows) as n_rows,
        count(distinct submitted.month_start_date) as n_months
    from submitted
    inner join organisation_map
        on
            submitted.code = organisation_map.code
            and submitted.quarter = organisation_map.quarter
    inner join organisations
        on
            organisation_map.organisation_code = organisations.organisation_code
            and (
                submitted.only_class is null
                or submitted.only_class = organisations.organisation_class
            )
    group by submitted.feed, submitted.quarter, organisation_map.organisation_code
)

select * from final
