with

records as (
    select * from {{ ref('int_record_quarters') }}
),

-- Rows without a single record are a completeness of nought (Rulebook 6.3).
submitted as (
    select
        feed_quarters.feed,
        feed_quarters.organisation_code,
        open_organisations.organisation_class,
        feed_quarters.quarter
    from {{ ref('int_feed_quarters') }} as feed_quarters
    inner join {{ ref('int_open_organisations') }} as open_organisations
        on
            feed_quarters.organisation_code = open_organisations.organisation_code
            and feed_quarters.quarter = open_organisations.quarter
    where
        feed_quarters.feed in ({{ activity_feeds() }})
        and open_organisations.organisation_class is not null
),

current_records as (
    select
        submitted.*,
        coalesce(records.n_records, 0) as n_records,
        coalesce(records.n_before_duplicates, 0) as n_before_duplicates,
        coalesce(records.n_duplicates, 0) as n_duplicates
    from submitted
    left join records
        on
            submitted.feed = records.feed
            and submitted.organisation_code = records.organisation_code
            and submitted.quarter = records.quarter
),

earlier_records as (
    select
        current_records.feed,
        current_records.organisation_code,
        current_records.quarter,
        cast(records.n_records as double) as n_records
    from current_records
    inner join records
        on
            current_records.feed = records.feed
            and current_records.organisation_code = records.organisation_code
            and current_records.quarter > records.quarter
    where records.n_records > 0
    qualify row_number() over (
        partition by
            current_records.feed, current_records.organisation_code, current_records.quarter
        order by records.quarter desc
    ) <= {{ parameter('completeness_earlier_quarters') }}
),

earlier_levels as (
    select
        feed,
        organisation_code,
        quarter,
        avg(n_records) as mean_records,
        percentile_cont(0.5) within group (order by n_records) as median_records
    from earlier_records
    group by feed, organisation_code, quarter
    having count(*) = {{ parameter('completeness_earlier_quarters') }}
),

compared as (
    select
        current_records.*,
        earlier_levels.median_records,
        current_records.n_records / earlier_levels.mean_records as relative_records
    from current_records
    inner join earlier_levels
        on
            current_records.feed = earlier_levels.feed
            and current_records.organisation_code = earlier_levels.organisation_code
            and current_records.quarter = earlier_levels.quarter
),

seasons as (
    select
        feed,
        organisation_class,
        quarter,
        percentile_cont(0.5) within group (order by relative_records) as seasonal_factor
    from compared
    group by feed, organisation_class, quarter
),

final as (
    select
        compared.feed,
        compared.organisation_code,
        compared.organisation_class,
        compared.quarter,
        compared.n_records,
        compared.median_records * seasons.seasonal_factor as expected_records,
        compared.n_records / nullif(compared.median_records * seasons.seasonal_factor, 0)
            as completeness,
        compared.n_before_duplicates,
        compared.n_duplicates
    from compared
    inner join seasons
        on
            compared.feed = seasons.feed
            and compared.organisation_class = seasons.organisation_class
            and compared.quarter = seasons.quarter
    where
        {{ comparable('compared.median_records * seasons.seasonal_factor') }}
        >= {{ parameter('completeness_min_expected') }}
)

select * from final
