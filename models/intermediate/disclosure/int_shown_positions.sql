{% set peer_keys = ['indicator_id', 'quarter', 'organisation_class', 'peer_set', 'peer_code'] -%}
with

hidden_rows as (
    select * from {{ ref('int_hidden_rows') }}
),

members as (
    select
        members.*,
        {{ comparable('members.value') }} as rank_value
    from {{ ref('int_peer_members') }} as members
    left join hidden_rows
        on
            members.indicator_id = hidden_rows.indicator_id
            and members.organisation_code = hidden_rows.organisation_code
            and members.quarter = hidden_rows.quarter
    where hidden_rows.indicator_id is null
),

-- Rulebook 10.2: the quarters too are those of the shown, so that none has a hole.
thresholds as (
    select
        {{ peer_keys | join(',\n        ') }},
        count(*) as n_organisations,
        percentile_cont(0.25) within group (order by value) as p25,
        percentile_cont(0.5) within group (order by value) as median,
        percentile_cont(0.75) within group (order by value) as p75
    from members
    group by {{ peer_keys | join(', ') }}
),

final as (
    select
        members.indicator_id,
        members.quarter,
        members.organisation_class,
        members.organisation_code,
        members.peer_set,
        members.peer_code,
        thresholds.n_organisations as n_ranked,
        {{ peer_rank('members.rank_value', 'members.direction', [
            'members.indicator_id', 'members.quarter', 'members.organisation_class',
            'members.peer_set', 'members.peer_code',
        ]) }} as peer_rank,
        {{ peer_quartile('members.rank_value', 'members.direction', 'thresholds') }} as quartile
    from members
    inner join thresholds
        on
            members.indicator_id = thresholds.indicator_id
            and members.quarter = thresholds.quarter
            and members.organisation_class = thresholds.organisation_class
            and members.peer_set = thresholds.peer_set
            and members.peer_code is not distinct from thresholds.peer_code
)

select * from final
