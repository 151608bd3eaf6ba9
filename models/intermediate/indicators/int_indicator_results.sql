with

measures as (
    select * from {{ ref('int_indicator_measures') }}
),

thresholds as (
    select * from {{ ref('int_peer_thresholds') }}
    where peer_set in ('national', 'specialist')
),

-- Interfaces 5.4.3 and 5.4.4: everyone's gap is to the national benchmark; specialists are ranked,
-- and placed in quartiles, among themselves.
benchmarked as (
    select
        measures.*,
        not measures.is_specialist and measures.is_rankable as is_eligible_for_benchmark,
        national.best_quartile_threshold as benchmark_value,
        peers.p25,
        peers.median,
        peers.p75,
        coalesce(peers.n_organisations, 0) as n_ranked,
        case
            when measures.is_rankable and measures.direction <> 'context'
                then rank() over (
                    partition by
                        measures.indicator_id, measures.quarter, measures.organisation_class,
                        measures.is_specialist, measures.is_rankable
                    order by
                        case when measures.direction = 'higher' then -1 else 1 end * measures.value
                )
        end as national_rank,
        case
            when measures.direction = 'lower' then measures.value - national.best_quartile_threshold
            when
                measures.direction = 'higher'
                then national.best_quartile_threshold - measures.value
        end as distance_to_benchmark
    from measures
    left join thresholds as national
        on
            measures.indicator_id = national.indicator_id
            and measures.quarter = national.quarter
            and measures.organisation_class = national.organisation_class
            and national.peer_set = 'national'
    left join thresholds as peers
        on
            measures.indicator_id = peers.indicator_id
            and measures.quarter = peers.quarter
            and measures.organisation_class = peers.organisation_class
            and peers.peer_set
            = case when measures.is_specialist then 'specialist' else 'national' end
),

gaps as (
    select
        *,
        case
            when national_rank is null then null
            when direction = 'lower' and value <= p25 then 1
            when direction = 'lower' and value <= median then 2
            when direction = 'lower' and value <= p75 then 3
            when direction = 'higher' and value >= p75 then 1
            when direction = 'higher' and value >= median then 2
            when direction = 'higher' and value >= p25 then 3
            else 4
        end as quartile,
        -- greatest() skips nulls: a missing value must not become "no opportunity".
        case when distance_to_benchmark is not null then greatest(0.0, distance_to_benchmark) end
            as gap
    from benchmarked
),

excesses as (
    select
        *,
        case
            when gap is not null and volume is not null
                then least(gap * volume, coalesce(volume_limit, gap * volume))
        end as excess_units
    from gaps
),

final as (
    select
        *,
        excess_units * unit_price_gbp as opportunity_quarter_gbp,
        4 * excess_units * unit_price_gbp as opportunity_annual_gbp
    from excesses
)

select * from final
