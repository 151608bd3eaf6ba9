{% macro expected_ranks(eligible) -%}
    {#-
        CTEs, the last of them `expected_ranks`: the rank that each may be expected to have among the others, by chance
        alone between them (Rulebook 9.7). eligible: CTE by indicator, organisation, quarter and class with badness, which
        is larger where worse, and variance.
    -#}
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
    from {{ eligible }} as own
    inner join {{ eligible }} as peers
        on
            own.indicator_id = peers.indicator_id
            and own.quarter = peers.quarter
            and own.organisation_class = peers.organisation_class
    cross join factors
),

-- Half a place for itself, which the pair with itself brings to 1.
expected_ranks as (
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
{%- endmacro %}
