with

members as (
    select
        indicator_id,
        quarter,
        organisation_class,
        organisation_code,
        peer_set,
        peer_code
    from {{ ref('int_peer_members') }}
    where peer_set <> 'national'
),

hidden_rows as (
    select * from {{ ref('int_hidden_rows') }}
),

-- Rulebook 10.2: of a few members one may be a percentile, or it and a shown one may make it.
final as (
    select
        members.indicator_id,
        members.quarter,
        members.organisation_class,
        members.peer_set,
        members.peer_code,
        count(*) as n_suppressed
    from members
    inner join hidden_rows
        on
            members.indicator_id = hidden_rows.indicator_id
            and members.organisation_code = hidden_rows.organisation_code
            and members.quarter = hidden_rows.quarter
    group by
        members.indicator_id, members.quarter, members.organisation_class,
        members.peer_set, members.peer_code
)

select * from final
