with

rankable as (
    select
        indicator_id,
        quarter,
        organisation_class,
        organisation_code,
        direction,
        is_specialist,
        sha_code,
        cluster,
        value
    from {{ ref('int_indicators_judged') }}
    where is_rankable
),

-- Rulebook 4.4 and 4.7: specialists are compared among themselves.
peers as (
    select
        *,
        'national' as peer_set,
        cast(null as varchar) as peer_code
    from rankable
    where not is_specialist
    union all
    select
        *,
        'sha' as peer_set,
        sha_code as peer_code
    from rankable
    where not is_specialist and sha_code is not null
    union all
    select
        *,
        'cluster' as peer_set,
        cluster as peer_code
    from rankable
    where not is_specialist and cluster is not null
    union all
    select
        *,
        'specialist' as peer_set,
        'specialist' as peer_code
    from rankable
    where is_specialist
),

final as (
    select
        indicator_id,
        quarter,
        organisation_class,
        organisation_code,
        direction,
        peer_set,
        peer_code,
        value
    from peers
)

select * from final
