-- The thresholds of every peer set, worked out again from the values of its eligible organisations
-- by interpolating between the two that a quantile lies between; the best quarter's is the
-- registry's quantile. A set with an eligible organisation has a row, and no other has.
{% set quantiles = {
    'p10': '0.1', 'p25': '0.25', 'median': '0.5', 'p75': '0.75', 'p90': '0.9',
    'best_quartile_threshold': 'benchmark_quantile',
} -%}
{% set peers = 'indicator_id, quarter, organisation_class, peer_set, peer_code' -%}
with

results as (
    select
        results.indicator_id,
        results.quarter,
        results.organisation_class,
        results.organisation_type,
        results.value,
        organisations.sha_code,
        organisations.cluster,
        indicators.benchmark_quantile
    from {{ ref('fct_indicator_values') }} as results
    inner join {{ ref('dim_indicator') }} as indicators
        on results.indicator_id = indicators.indicator_id
    left join {{ ref('dim_organisation') }} as organisations
        on results.organisation_code = organisations.organisation_code
    where
        results.is_eligible_for_benchmark
        or (results.organisation_type = 'acute_specialist' and results.national_rank is not null)
),

peers as (
    select
        *,
        'specialist' as peer_set,
        'specialist' as peer_code
    from results
    where organisation_type = 'acute_specialist'
    {% for peer_set, peer_code in [
        ('national', 'null'), ('sha', 'sha_code'), ('cluster', 'cluster')
    ] -%}
        union all
        select
            *,
            '{{ peer_set }}' as peer_set,
            {{ peer_code }} as peer_code
        from results
        where
            organisation_type <> 'acute_specialist'
            {% if peer_set != 'national' %}and {{ peer_code }} is not null{% endif %}
    {% endfor %}
),

ordered as (
    select
        *,
        row_number() over (partition by {{ peers }} order by value) as place,
        count(*) over (partition by {{ peers }}) as n_organisations,
        coalesce(lead(value) over (partition by {{ peers }} order by value), value) as next_value
    from peers
),

wanted as (
    select
        {{ peers }},
        max(n_organisations) as n_organisations,
        {% for threshold, quantile in quantiles.items() -%}
            max(
                value
                + (next_value - value) * ((n_organisations - 1) * {{ quantile }} - (place - 1))
            ) filter (
                where place = 1 + cast(floor((n_organisations - 1) * {{ quantile }}) as integer)
            ) as {{ threshold }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from ordered
    group by {{ peers }}
),

final as (
    select
        wanted.indicator_id as wanted_indicator_id,
        found.*
    from wanted
    full outer join {{ ref('fct_quartile_thresholds') }} as found
        on
            wanted.indicator_id = found.indicator_id
            and wanted.quarter = found.quarter
            and wanted.organisation_class = found.organisation_class
            and wanted.peer_set = found.peer_set
            and wanted.peer_code is not distinct from found.peer_code
    where
        wanted.n_organisations is distinct from found.n_organisations
        {% for threshold in quantiles -%}
            or {{ differs('found.' ~ threshold, 'wanted.' ~ threshold) }}
        {% endfor %}
)

select * from final
