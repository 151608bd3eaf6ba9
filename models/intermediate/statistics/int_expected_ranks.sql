with

-- Turned so that more is worse, whichever side of the indicator is the better one.
eligible as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        case when direction = 'higher' then -1 else 1 end * transformed_value as badness,
        transformed_standard_error * transformed_standard_error as variance
    from {{ ref('int_indicator_intervals') }}
    where
        is_eligible_for_benchmark
        and transformed_value is not null
        and transformed_standard_error is not null
),

factors as (
    select {{ parameter('z_95') }} as z_95
),

-- Rulebook 9.7: how far each is on the worse side of each, in standard errors of the difference.
-- Quadratic in the organisations of a class. Each meets itself as well, at a distance of nought.
pairs as (
    select
        own.indicator_id,
        own.organisation_code,
        own.quarter,
        own.organisation_class,
        factors.z_95,
        (own.badness - peers.badness) / sqrt(own.variance + peers.variance) as distance
    from eligible as own
    inner join eligible as peers
        on
            own.indicator_id = peers.indicator_id
            and own.quarter = peers.quarter
            and own.organisation_class = peers.organisation_class
    cross join factors
),

-- Half a place for itself, which the pair with itself brings to 1.
final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        0.5 + sum({{ normal_distribution('distance') }}) as expected_rank,
        1 + count(*) filter (where distance > z_95) as rank_best_95,
        count(*) - count(*) filter (where distance < -z_95) as rank_worst_95
    from pairs
    group by indicator_id, organisation_code, quarter, organisation_class
)

select * from final
