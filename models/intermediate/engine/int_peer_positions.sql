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

-- Rulebook 4.4: 1 is the best rank, ties share it; equal to a threshold is in the better
-- quartile.
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
        rank() over (
            partition by
                members.indicator_id, members.quarter, members.organisation_class,
                members.peer_set, members.peer_code
            order by
                case when members.direction = 'higher' then -1 else 1 end * members.rank_value
        ) as peer_rank,
        case
            when members.direction = 'higher'
                then
                    case
                        when members.rank_value >= {{ comparable('thresholds.p75') }} then 1
                        when members.rank_value >= {{ comparable('thresholds.median') }} then 2
                        when members.rank_value >= {{ comparable('thresholds.p25') }} then 3
                        else 4
                    end
            when members.rank_value <= {{ comparable('thresholds.p25') }} then 1
            when members.rank_value <= {{ comparable('thresholds.median') }} then 2
            when members.rank_value <= {{ comparable('thresholds.p75') }} then 3
            else 4
        end as quartile
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
