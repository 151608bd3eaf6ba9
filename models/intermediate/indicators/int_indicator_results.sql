with

measures as (
    select
        *,
        {{ comparable('value') }} as rank_value
    from {{ ref('int_indicator_measures') }}
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
        national_thresholds.best_quartile_threshold as benchmark_value,
        peer_thresholds.p25,
        peer_thresholds.median,
        peer_thresholds.p75,
        coalesce(peer_thresholds.n_organisations, 0) as n_ranked,
        case
            when measures.is_rankable and measures.direction <> 'context'
                then rank() over (
                    partition by
                        measures.indicator_id, measures.quarter, measures.organisation_class,
                        measures.is_specialist, measures.is_rankable
                    order by
                        case when measures.direction = 'higher' then -1 else 1 end
                        * measures.rank_value
                )
        end as national_rank,
        case
            when
                measures.direction = 'lower'
                then measures.value - national_thresholds.best_quartile_threshold
            when
                measures.direction = 'higher'
                then national_thresholds.best_quartile_threshold - measures.value
        end as distance_to_benchmark
    from measures
    left join thresholds as national_thresholds
        on
            measures.indicator_id = national_thresholds.indicator_id
            and measures.quarter = national_thresholds.quarter
            and measures.organisation_class = national_thresholds.organisation_class
            and national_thresholds.peer_set = 'national'
    left join thresholds as peer_thresholds
        on
            measures.indicator_id = peer_thresholds.indicator_id
            and measures.quarter = peer_thresholds.quarter
            and measures.organisation_class = peer_thresholds.organisation_class
            and peer_thresholds.peer_set
            = case when measures.is_specialist then 'specialist' else 'national' end
),

gaps as (
    select
        *,
        case
            when national_rank is null then null
            when direction = 'lower' and rank_value <= {{ comparable('p25') }} then 1
            when direction = 'lower' and rank_value <= {{ comparable('median') }} then 2
            when direction = 'lower' and rank_value <= {{ comparable('p75') }} then 3
            when direction = 'higher' and rank_value >= {{ comparable('p75') }} then 1
            when direction = 'higher' and rank_value >= {{ comparable('median') }} then 2
            when direction = 'higher' and rank_value >= {{ comparable('p25') }} then 3
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
        {{ parameter('annualisation_factor') }} * excess_units * unit_price_gbp
            as opportunity_annual_gbp
    from excesses
)

select * from final
