with

scores as (
    select * from {{ ref('dq_scores') }}
),

hidden_feeds as (
    select
        organisation_code,
        quarter,
        feed
    from {{ ref('pub_dq_submission_status') }}
    where disclosure_status = 'suppressed'
),

-- The score of both feeds together and that of one would tell the other's.
judged as (
    select
        *,
        exists(
            select 1
            from hidden_feeds
            where
                hidden_feeds.organisation_code = scores.organisation_code
                and hidden_feeds.quarter = scores.quarter
                and hidden_feeds.feed = coalesce(scores.feed, hidden_feeds.feed)
        ) as is_hidden
    from scores
),

-- Rulebook 10.7: means over fields are coarse, or they would tell a field that is hidden.
final as (
    select
        organisation_code,
        quarter,
        feed,
        case when not is_hidden then {{ rounded_value('item_score', 2) }} end as item_score,
        {{ rounded_value('coverage', 2) }} as coverage,
        case when not is_hidden then {{ rounded_value('dq_score', 0) }} end as dq_score,
        {{ status_of_hidden() }} as disclosure_status
    from judged
)

select * from final
