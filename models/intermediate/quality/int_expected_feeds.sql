with

indicator_spine as (
    select
        indicator_id,
        organisation_code,
        organisation_class,
        quarter,
        is_unusable
    from {{ ref('int_indicator_spine') }}
),

indicator_usability as (
    select
        indicator_id,
        organisation_code,
        quarter,
        has_usable_row
    from {{ ref('int_indicator_usability') }}
),

feeds as (
    select
        feed,
        subject,
        precedence
    from {{ ref('int_feeds') }}
),

feed_quarters as (
    select
        feed,
        organisation_code,
        quarter
    from {{ ref('int_feed_quarters') }}
),

populations as (
    select distinct
        organisation_code,
        quarter
    from {{ ref('int_population_rows') }}
),

{{ gated_indicators() }},

indicator_subjects as (
    select distinct
        indicator_feeds.indicator_id,
        feeds.subject
    from indicator_feeds
    inner join feeds
        on indicator_feeds.feed = feeds.feed
),

-- Rulebook 8.3: a feed is unusable where it is for an indicator and can be used for none.
expected_for_indicators as (
    select
        indicator_subjects.subject,
        indicator_spine.organisation_code,
        indicator_spine.organisation_class,
        indicator_spine.quarter,
        bool_or(indicator_spine.is_unusable)
        and not bool_or(coalesce(indicator_usability.has_usable_row, false)) as is_unusable
    from indicator_spine
    inner join indicator_subjects
        on indicator_spine.indicator_id = indicator_subjects.indicator_id
    left join indicator_usability
        on
            indicator_spine.indicator_id = indicator_usability.indicator_id
            and indicator_spine.organisation_code = indicator_usability.organisation_code
            and indicator_spine.quarter = indicator_usability.quarter
    group by
        indicator_subjects.subject, indicator_spine.organisation_code,
        indicator_spine.organisation_class, indicator_spine.quarter
),

-- Rulebook 8.2: no indicator is of reference data; they are expected of whom their rules gate.
expected_for_rules as (
    select distinct
        gated_indicators.feed as subject,
        indicator_spine.organisation_code,
        indicator_spine.organisation_class,
        indicator_spine.quarter,
        false as is_unusable
    from indicator_spine
    inner join gated_indicators
        on indicator_spine.indicator_id = gated_indicators.indicator_id
    left join feeds
        on gated_indicators.feed = feeds.feed
    where feeds.feed is null
),

expected as (
    select * from expected_for_indicators
    union all
    select * from expected_for_rules
),

-- Where both formats were sent, all stands under the local one.
sent as (
    select
        feeds.subject,
        feed_quarters.organisation_code,
        feed_quarters.quarter,
        min_by(feed_quarters.feed, feeds.precedence) as feed
    from feed_quarters
    inner join feeds
        on feed_quarters.feed = feeds.feed
    group by feeds.subject, feed_quarters.organisation_code, feed_quarters.quarter
    union all
    select
        'population' as subject,
        organisation_code,
        quarter,
        'population' as feed
    from populations
),

final as (
    select
        expected.organisation_code,
        expected.organisation_class,
        expected.subject,
        coalesce(sent.feed, expected.subject) as feed,
        expected.quarter,
        sent.feed is not null as is_submitted,
        expected.is_unusable
    from expected
    left join sent
        on
            expected.subject = sent.subject
            and expected.organisation_code = sent.organisation_code
            and expected.quarter = sent.quarter
)

select * from final
