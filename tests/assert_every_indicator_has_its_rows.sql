-- Exactly one row for every indicator, organisation that it applies to and that is open, and
-- quarter with a submission of a feed that it needs; none besides. Worked out from the tables for
-- readers, not from the spine that the rows come from.
with

indicators as (
    select * from {{ ref('dim_indicator') }}
    where is_computed
),

indicator_types as (
    select
        indicator_id,
        {{ explode_list('org_type') }} as organisation_type
    from indicators
),

indicator_feeds as (
    select
        indicator_id,
        {{ explode_list('feeds') }} as feed
    from indicators
),

quarters as (
    select * from {{ ref('dim_quarter') }}
),

-- A submission that counts for a month counts for that month's quarter.
submitted_quarters as (
    select distinct
        feed,
        quarter
    from {{ ref('int_submission_months') }}
    where is_effective
),

wanted as (
    select distinct
        indicators.indicator_id,
        organisations.organisation_code,
        quarters.quarter
    from indicators
    inner join indicator_feeds
        on indicators.indicator_id = indicator_feeds.indicator_id
    inner join submitted_quarters
        on indicator_feeds.feed = submitted_quarters.feed
    inner join quarters
        on submitted_quarters.quarter = quarters.quarter
    inner join indicator_types
        on indicators.indicator_id = indicator_types.indicator_id
    inner join {{ ref('dim_organisation') }} as organisations
        on indicator_types.organisation_type = organisations.organisation_type
    where
        quarters.quarter >= coalesce(indicators.active_from_quarter, quarters.quarter)
        and quarters.quarter <= coalesce(indicators.active_to_quarter, quarters.quarter)
        and coalesce(organisations.open_date, quarters.quarter_end_date)
        <= quarters.quarter_end_date
        and coalesce(organisations.close_date, quarters.quarter_start_date)
        >= quarters.quarter_start_date
        and coalesce(organisations.succeeded_on > quarters.quarter_end_date, true)
),

found as (
    select
        indicator_id,
        organisation_code,
        quarter,
        count(*) as n_rows
    from {{ ref('fct_indicator_values') }}
    group by indicator_id, organisation_code, quarter
),

final as (
    select
        wanted.indicator_id as wanted_indicator_id,
        found.*
    from wanted
    full outer join found
        on
            wanted.indicator_id = found.indicator_id
            and wanted.organisation_code = found.organisation_code
            and wanted.quarter = found.quarter
    where wanted.indicator_id is null or found.n_rows is distinct from 1
)

select * from final
