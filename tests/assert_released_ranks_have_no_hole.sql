-- Rulebook 10.2: the ranks of a release, and their numbers, follow from its rows alone: 1 and one
-- for each that has a better rank, out of as many as have one, nobody worse on a better rank; where
-- to start is numbered 1, 2, 3 …
{% set sets = {
    'national': ['national_rank', 'n_ranked', 'quartile'],
    'sha': ['sha_rank', 'sha_n_ranked', 'sha_quartile'],
    'cluster': ['cluster_rank', 'cluster_n_ranked', 'cluster_quartile'],
} -%}
with

results as (
    select
        results.*,
        case when indicators.direction = 'higher' then -1 else 1 end * results.value as order_value,
        case when results.organisation_type = 'acute_specialist' then 'specialist' else 'others' end
            as national_code,
        organisations.sha_code,
        organisations.cluster as cluster_code
    from {{ ref('pub_fct_indicator_values') }} as results
    inner join {{ ref('pub_dim_indicator') }} as indicators
        on results.indicator_id = indicators.indicator_id
    left join {{ ref('pub_dim_organisation') }} as organisations
        on results.organisation_code = organisations.organisation_code
),

ranked as (
    {% for peer_set, columns in sets.items() -%}
        select
            indicator_id,
            quarter,
            organisation_class,
            organisation_code,
            '{{ peer_set }}' as peer_set,
            {{ peer_set }}_code as peer_code,
            order_value,
            {{ columns[0] }} as peer_rank,
            {{ columns[1] }} as n_ranked,
            {{ columns[2] }} as quartile
        from results
        where {{ columns[0] }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

compared as (
    select
        *,
        rank() over (
            partition by indicator_id, quarter, organisation_class, peer_set, peer_code
            order by peer_rank
        ) as wanted_rank,
        count(*) over (
            partition by indicator_id, quarter, organisation_class, peer_set, peer_code
        ) as wanted_n_ranked,
        max(order_value) over (
            partition by indicator_id, quarter, organisation_class, peer_set, peer_code
            order by peer_rank
            rows between unbounded preceding and 1 preceding
        ) as value_before,
        max(quartile) over (
            partition by indicator_id, quarter, organisation_class, peer_set, peer_code
            order by peer_rank
            rows between unbounded preceding and 1 preceding
        ) as quartile_before
    from ranked
),

focus as (
    select
        organisation_code,
        quarter,
        max(focus_order) as last_number,
        count(focus_order) as n_numbers,
        count(distinct focus_order) as n_different_numbers
    from {{ ref('pub_fct_indicator_statistics') }}
    group by organisation_code, quarter
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        peer_set
    from compared
    where
        peer_rank <> wanted_rank
        or n_ranked <> wanted_n_ranked
        or order_value < value_before
        or quartile < quartile_before
    union all
    select
        cast(null as varchar) as indicator_id,
        organisation_code,
        quarter,
        'where to start' as peer_set
    from focus
    where last_number <> n_numbers or n_different_numbers <> n_numbers
)

select * from final
