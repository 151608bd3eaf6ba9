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
    from {{ ref('int_indicator_measures') }}
    where is_rankable and direction <> 'context'
),

members as (
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

thresholds as (
    select
        indicator_id,
        quarter,
        organisation_class,
        direction,
        peer_set,
        peer_code,
        count(*) as n_organisations,
        {% for name, quantile in [
            ('p10', 0.1), ('p25', 0.25), ('median', 0.5), ('p75', 0.75), ('p90', 0.9)
        ] -%}
            percentile_cont({{ quantile }}) within group (order by value) as {{ name }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from members
    group by indicator_id, quarter, organisation_class, direction, peer_set, peer_code
),

final as (
    select
        *,
        case when direction = 'higher' then p75 else p25 end as best_quartile_threshold
    from thresholds
)

select * from final
