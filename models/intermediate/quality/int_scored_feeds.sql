with

-- Rulebook 8.2: expected is a feed that an indicator of the trust needs in the quarter.
expected as (
    select
        feed,
        organisation_code,
        quarter
    from {{ ref('int_expected_feeds') }}
    where organisation_class = 'trust' and feed in ({{ activity_feeds() }})
),

feed_quarters as (
    select
        feed,
        organisation_code,
        quarter
    from {{ ref('int_feed_quarters') }}
),

trust_quarters as (
    select distinct
        organisation_code,
        quarter
    from expected
),

scored_feeds as (
    {% for feed in judged_feeds() -%}
        select
            organisation_code,
            quarter,
            '{{ feed }}' as feed
        from trust_quarters
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Rulebook 8.8: both feeds stand for a trust, so that one of the two is half of the coverage.
final as (
    select
        scored_feeds.organisation_code,
        scored_feeds.quarter,
        scored_feeds.feed,
        expected.feed is not null as is_expected,
        cast(feed_quarters.feed is not null as double) as coverage
    from scored_feeds
    left join expected
        on
            scored_feeds.feed = expected.feed
            and scored_feeds.organisation_code = expected.organisation_code
            and scored_feeds.quarter = expected.quarter
    left join feed_quarters
        on
            scored_feeds.feed = feed_quarters.feed
            and scored_feeds.organisation_code = feed_quarters.organisation_code
            and scored_feeds.quarter = feed_quarters.quarter
)

select * from final
