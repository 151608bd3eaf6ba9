with

members as (
    select * from {{ ref('int_peer_members') }}
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
        case when direction = 'higher' then p75 else p25 end as best_quartile_threshold,
        case when direction = 'higher' then p90 else p10 end as best_decile_threshold
    from thresholds
)

select * from final
