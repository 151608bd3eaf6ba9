-- What is left out on the way from spells to indicators shows in no sum over what is left: each
-- indicator's spells are counted against the spells that it is about.
with

wanted as (
    select
        'length_of_stay' as short_name,
        count(*) as n_spells
    from {{ ref('int_spells') }}
    where is_counted and is_ordinary and organisation_code is not null
    union all
    select
        'day_case_rate' as short_name,
        count(*) as n_spells
    from {{ ref('int_day_case_basket_spells') }}
    where organisation_code is not null
),

found as (
    select
        short_name,
        count(*) as n_spells
    from {{ ref('int_standardised_spells') }}
    group by short_name
)

select
    wanted.short_name,
    wanted.n_spells as n_wanted,
    found.n_spells as n_found
from wanted
left join found
    on wanted.short_name = found.short_name
where wanted.n_spells <> coalesce(found.n_spells, 0)
