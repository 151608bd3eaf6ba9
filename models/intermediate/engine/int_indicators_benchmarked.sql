{% set standards = [
    ('', 'best_quartile_threshold'),
    ('_at_median', 'median'),
    ('_at_best_decile', 'best_decile_threshold'),
] -%}
with

measures as (
    select * from {{ ref('int_indicators_judged') }}
),

thresholds as (
    select * from {{ ref('int_peer_thresholds') }}
    where peer_set in ('national', 'specialist')
),

positions as (
    select * from {{ ref('int_peer_positions') }}
),

-- Rulebook 4.3 and 4.4: everyone's gap is to the national benchmark; specialists are ranked,
-- and placed in quartiles, among themselves. The median and the best decile are other standards
-- that a reader may hold against the best quartile.
benchmarked as (
    select
        measures.*,
        not measures.is_specialist and measures.is_rankable as is_eligible_for_benchmark,
        national_thresholds.best_quartile_threshold as benchmark_value,
        coalesce(own_thresholds.n_organisations, 0) as n_ranked,
        own_positions.peer_rank as national_rank,
        own_positions.quartile,
        {% for peer_set in ['sha', 'cluster'] -%}
            {{ peer_set }}_positions.best_quartile_threshold as {{ peer_set }}_benchmark_value,
            {{ peer_set }}_positions.peer_rank as {{ peer_set }}_rank,
            {{ peer_set }}_positions.n_ranked as {{ peer_set }}_n_ranked,
            {{ peer_set }}_positions.quartile as {{ peer_set }}_quartile,
        {% endfor -%}
        {% for suffix, threshold in standards -%}
            {{ distance_to(
                'measures.value', 'national_thresholds.' ~ threshold, 'measures.direction'
            ) }} as distance{{ suffix }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from measures
    left join thresholds as national_thresholds
        on
            measures.indicator_id = national_thresholds.indicator_id
            and measures.quarter = national_thresholds.quarter
            and measures.organisation_class = national_thresholds.organisation_class
            and national_thresholds.peer_set = 'national'
    left join thresholds as own_thresholds
        on
            measures.indicator_id = own_thresholds.indicator_id
            and measures.quarter = own_thresholds.quarter
            and measures.organisation_class = own_thresholds.organisation_class
            and own_thresholds.peer_set
            = case when measures.is_specialist then 'specialist' else 'national' end
    {% for alias, peer_sets in [
        ('own', "'national', 'specialist'"), ('sha', "'sha'"), ('cluster', "'cluster'")
    ] -%}
        left join positions as {{ alias }}_positions
            on
                measures.indicator_id = {{ alias }}_positions.indicator_id
                and measures.quarter = {{ alias }}_positions.quarter
                and measures.organisation_code = {{ alias }}_positions.organisation_code
                and {{ alias }}_positions.peer_set in ({{ peer_sets }})
    {% endfor %}
),

-- greatest() and least() skip nulls: a missing value must not become "no opportunity".
gaps as (
    select
        *,
        {% for suffix, _ in standards -%}
            case
                when distance{{ suffix }} is not null then greatest(0.0, distance{{ suffix }})
            end as gap{{ suffix }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from benchmarked
),

excesses as (
    select
        *,
        {% for suffix, _ in standards -%}
            {{ excess_units(
                'distance' ~ suffix, 'volume', 'volume_limit'
            ) }} as excess_units{{ suffix }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from gaps
),

priced as (
    select
        *,
        {{ parameter('annualisation_factor') }} as annualisation_factor,
        {{ parameter('releasable_fraction') }} as releasable_fraction,
        {% for suffix, _ in standards -%}
            excess_units{{ suffix }} * unit_price_gbp
                as opportunity_quarter{{ suffix }}_gbp
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from excesses
),

final as (
    select
        {{ star_except(['annualisation_factor', 'releasable_fraction']) }},
        {% for suffix, _ in standards -%}
            annualisation_factor * opportunity_quarter{{ suffix }}_gbp
                as opportunity_annual{{ suffix }}_gbp,
        {% endfor -%}
        releasable_fraction * annualisation_factor * opportunity_quarter_gbp
            as releasable_annual_gbp
    from priced
)

select * from final
