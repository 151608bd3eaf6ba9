with

members as (
    select
        *,
        {{ comparable('value') }} as rank_value
    from {{ ref('int_peer_members') }}
),

thresholds as (
    select * from {{ ref('int_peer_thresholds') }}
),

final as (
    select
        members.indicator_id,
        members.quarter,
        members.organisation_class,
        members.organisation_code,
        members.peer_set,
        members.peer_code,
        thresholds.n_organisations as n_ranked,
        thresholds.best_quartile_threshold,
        {{ peer_rank('members.rank_value', 'members.direction', [
            'members.indicator_id', 'members.quarter', 'members.organisation_class',
            'members.peer_set', 'members.peer_code',
        ]) }} as peer_rank,
        {{ peer_quartile('members.rank_value', 'members.direction', 'thresholds') }} as quartile
    from members
    inner join thresholds
        on
            members.indicator_id = thresholds.indicator_id
            and members.quarter = thresholds.quarter
            and members.organisation_class = thresholds.organisation_class
            and members.peer_set = thresholds.peer_set
            and members.peer_code is not distinct from thresholds.peer_code
)

select * from final
