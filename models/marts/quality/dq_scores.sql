with

scored_feeds as (
    select
        organisation_code,
        quarter,
        feed,
        is_expected,
        coverage
    from {{ ref('int_scored_feeds') }}
),

field_scores as (
    select
        organisation_code,
        quarter,
        feed,
        item_score
    from {{ ref('int_field_quality') }}
    where item_score is not null
),

-- Rulebook 8.8: items and coverages have a mean each, over one feed and over both.
coverages as (
    select
        organisation_code,
        quarter,
        feed,
        avg(coverage) as coverage
    from scored_feeds
    where is_expected
    group by organisation_code, quarter, feed
    union all
    select
        organisation_code,
        quarter,
        cast(null as varchar) as feed,
        avg(coverage) as coverage
    from scored_feeds
    group by organisation_code, quarter
),

items as (
    select
        organisation_code,
        quarter,
        feed,
        avg(item_score) as item_score
    from field_scores
    group by organisation_code, quarter, feed
    union all
    select
        organisation_code,
        quarter,
        cast(null as varchar) as feed,
        avg(item_score) as item_score
    from field_scores
    group by organisation_code, quarter
),

final as (
    select
        coverages.organisation_code,
        coverages.quarter,
        coverages.feed,
        items.item_score,
        coverages.coverage,
        items.item_score * coverages.coverage * 100 as dq_score
    from coverages
    left join items
        on
            coverages.organisation_code = items.organisation_code
            and coverages.quarter = items.quarter
            and coverages.feed is not distinct from items.feed
)

select * from final
