-- The spells hold as many episodes as there are valid ones that repeat nothing.
with

counts as (
    select
        (select coalesce(sum(n_episodes), 0) from {{ ref('int_spells') }}) as n_in_spells,
        (
            select count(*) from {{ ref('int_episodes') }}
            where is_valid and duplicate_rule is null
        ) as n_wanted
)

select * from counts
where n_in_spells <> n_wanted
