with

results as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        case when is_specialist then 'specialist' else 'national' end as own_set
    from {{ ref('int_shown_results') }}
    where disclosure_status = 'shown'
),

positions as (
    select * from {{ ref('int_shown_positions') }}
),

-- The number ranked stands on the row of those who are not ranked, too.
set_sizes as (
    select
        indicator_id,
        quarter,
        organisation_class,
        peer_set,
        count(*) as n_ranked
    from positions
    where peer_set in ('national', 'specialist')
    group by indicator_id, quarter, organisation_class, peer_set
),

final as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        own_positions.peer_rank as national_rank,
        coalesce(set_sizes.n_ranked, 0) as n_ranked,
        own_positions.quartile,
        sha_positions.peer_rank as sha_rank,
        sha_positions.n_ranked as sha_n_ranked,
        sha_positions.quartile as sha_quartile,
        cluster_positions.peer_rank as cluster_rank,
        cluster_positions.n_ranked as cluster_n_ranked,
        cluster_positions.quartile as cluster_quartile
    from results
    left join set_sizes
        on
            results.indicator_id = set_sizes.indicator_id
            and results.quarter = set_sizes.quarter
            and results.organisation_class = set_sizes.organisation_class
            and results.own_set = set_sizes.peer_set
    {% for alias, peer_sets in [
        ('own', "'national', 'specialist'"), ('sha', "'sha'"), ('cluster', "'cluster'")
    ] -%}
        left join positions as {{ alias }}_positions
            on
                results.indicator_id = {{ alias }}_positions.indicator_id
                and results.quarter = {{ alias }}_positions.quarter
                and results.organisation_code = {{ alias }}_positions.organisation_code
                and {{ alias }}_positions.peer_set in ({{ peer_sets }})
    {% endfor %}
)

select * from final
