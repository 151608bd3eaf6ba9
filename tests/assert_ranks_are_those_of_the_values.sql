-- Who is eligible follows from status, type and registry; ranks and quartiles are worked out again
-- among the eligible of England, SHA and peer group, of specialist trusts among themselves: 1 and
-- one for each that is strictly better, and the quarter that the thresholds put the value in.
{% set sets = {
    'national': ['national_rank', 'n_ranked', 'quartile'],
    'sha': ['sha_rank', 'sha_n_ranked', 'sha_quartile'],
    'cluster': ['cluster_rank', 'cluster_n_ranked', 'cluster_quartile'],
} -%}
with

thresholds as (
    select * from {{ ref('fct_quartile_thresholds') }}
),

results as (
    select
        results.*,
        indicators.direction,
        organisations.sha_code,
        organisations.cluster,
        results.organisation_type = 'acute_specialist' as is_specialist,
        case when indicators.direction = 'higher' then -1 else 1 end
        * {{ comparable('results.value') }} as order_value,
        results.publication_status in ('published', 'caveat')
        and ',' || coalesce(results.status_reason, '') || ',' not like '%,MIN,%'
        and indicators.direction <> 'context'
        and ';' || coalesce(indicators.benchmark_excluded_types, '') || ';'
        not like '%;' || results.organisation_type || ';%' as is_ranked
    from {{ ref('fct_indicator_values') }} as results
    inner join {{ ref('dim_indicator') }} as indicators
        on results.indicator_id = indicators.indicator_id
    left join {{ ref('dim_organisation') }} as organisations
        on results.organisation_code = organisations.organisation_code
),

-- One row per organisation and set that it is compared in, with the columns that say how it stands.
members as (
    {% for peer_set, columns in sets.items() -%}
        select
            *,
            '{{ peer_set }}' as compared_in,
            {{ "case when is_specialist then 'specialist' else 'national' end"
                if peer_set == 'national' else "'" ~ peer_set ~ "'" }} as peer_set,
            {{ "case when is_specialist then 'specialist' end" if peer_set == 'national'
                else {'sha': 'sha_code', 'cluster': 'cluster'}[peer_set] }} as peer_code,
            {{ columns[0] }} as found_rank,
            {{ columns[1] }} as found_n_ranked,
            {{ columns[2] }} as found_quartile,
            {{ 'benchmark_value' if peer_set == 'national' else peer_set ~ '_benchmark_value' }}
                as found_benchmark_value
        from results
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

ranked as (
    select
        indicator_id,
        quarter,
        organisation_class,
        organisation_code,
        compared_in,
        peer_set,
        peer_code,
        order_value
    from members
    where
        is_ranked
        and (compared_in = 'national' or (peer_code is not null and not is_specialist))
),

ranks as (
    select
        own.indicator_id,
        own.quarter,
        own.organisation_code,
        own.compared_in,
        count(*) as n_ranked,
        1 + count(*) filter (where peers.order_value < own.order_value) as peer_rank
    from ranked as own
    inner join ranked as peers
        on
            own.indicator_id = peers.indicator_id
            and own.quarter = peers.quarter
            and own.organisation_class = peers.organisation_class
            and own.peer_set = peers.peer_set
            and own.peer_code is not distinct from peers.peer_code
    group by own.indicator_id, own.quarter, own.organisation_code, own.compared_in
),

compared as (
    select
        members.*,
        ranks.peer_rank as wanted_rank,
        -- The national number stands on the row of those who are not ranked too.
        case
            when ranks.peer_rank is not null then ranks.n_ranked
            when members.compared_in = 'national' then coalesce(thresholds.n_organisations, 0)
        end as wanted_n_ranked,
        case
            when ranks.peer_rank is null then null
            when
                members.direction = 'lower'
                then
                    1
                    + cast(members.order_value > {{ comparable('thresholds.p25') }} as integer)
                    + cast(members.order_value > {{ comparable('thresholds.median') }} as integer)
                    + cast(members.order_value > {{ comparable('thresholds.p75') }} as integer)
            else
                1
                + cast(-members.order_value < {{ comparable('thresholds.p75') }} as integer)
                + cast(-members.order_value < {{ comparable('thresholds.median') }} as integer)
                + cast(-members.order_value < {{ comparable('thresholds.p25') }} as integer)
        end as wanted_quartile,
        case
            when members.compared_in = 'national' then members.found_benchmark_value
            when ranks.peer_rank is not null then thresholds.best_quartile_threshold
        end as wanted_benchmark_value
    from members
    left join ranks
        on
            members.indicator_id = ranks.indicator_id
            and members.quarter = ranks.quarter
            and members.organisation_code = ranks.organisation_code
            and members.compared_in = ranks.compared_in
    left join thresholds
        on
            members.indicator_id = thresholds.indicator_id
            and members.quarter = thresholds.quarter
            and members.organisation_class = thresholds.organisation_class
            and members.peer_set = thresholds.peer_set
            and members.peer_code is not distinct from thresholds.peer_code
),

final as (
    select *
    from compared
    where
        is_eligible_for_benchmark is distinct from (is_ranked and not is_specialist)
        or found_rank is distinct from wanted_rank
        or found_n_ranked is distinct from wanted_n_ranked
        or found_quartile is distinct from wanted_quartile
        or found_benchmark_value is distinct from wanted_benchmark_value
)

select * from final
