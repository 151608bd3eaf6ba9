with

members as (
    select
        indicator_id,
        quarter,
        organisation_class,
        direction,
        peer_set,
        peer_code,
        value
    from {{ ref('int_peer_members') }}
),

indicators as (
    select
        indicator_id,
        benchmark_quantile
    from {{ ref('indicators') }}
),

-- percentile_cont takes constants only; the registry's quantile is the value at this place among
-- the others in order, numbered from nought.
placed as (
    select
        members.*,
        row_number() over peers - 1 as place,
        indicators.benchmark_quantile * (count(*) over whole_set - 1) as benchmark_place
    from members
    inner join indicators
        on members.indicator_id = indicators.indicator_id
    window
        whole_set as (
            partition by
                members.indicator_id, members.quarter, members.organisation_class,
                members.peer_set, members.peer_code
        ),
        peers as (
            partition by
                members.indicator_id, members.quarter, members.organisation_class,
                members.peer_set, members.peer_code
            order by members.value
        )
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
            percentile_cont({{ quantile }}) within group (order by value) as {{ name }},
        {% endfor -%}
        {{ value_at_place('value', 'place', 'benchmark_place') }} as best_quartile_threshold
    from placed
    group by indicator_id, quarter, organisation_class, direction, peer_set, peer_code
),

final as (
    select
        indicator_id,
        quarter,
        organisation_class,
        direction,
        peer_set,
        peer_code,
        n_organisations,
        p10,
        p25,
        median,
        p75,
        p90,
        best_quartile_threshold,
        case when direction = 'higher' then p90 else p10 end as best_decile_threshold
    from thresholds
)

select * from final
