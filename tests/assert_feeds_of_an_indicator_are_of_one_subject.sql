-- Two feeds of an indicator are the local and the published form of one thing, of which one counts
-- (stands_in_for in the contract); were they two things, both would be added up.
with

indicators as (
    select
        indicator_id,
        {{ explode_list('feeds') }} as feed
    from {{ ref('indicators') }}
),

feeds as (
    select
        feed,
        subject,
        precedence
    from {{ ref('int_feeds') }}
),

final as (
    select
        indicators.indicator_id,
        count(distinct feeds.subject) as n_subjects,
        count(*) - count(distinct feeds.precedence) as n_ties,
        count(*) - count(feeds.feed) as n_unknown_feeds
    from indicators
    left join feeds
        on indicators.feed = feeds.feed
    group by indicators.indicator_id
)

select * from final
where n_subjects <> 1 or n_ties > 0 or n_unknown_feeds > 0
