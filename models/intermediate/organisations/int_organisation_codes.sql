with recursive

organisations as (
    select organisation_code from {{ ref('int_organisations') }}
),

successions as (
    select
        old_code,
        new_code
    from {{ ref('int_successions') }}
),

-- The seed's aliases hold for a code whose other facts were landed anew: the feed has no aliases.
aliases as (
    select
        {{ explode_list('alias_codes') }} as code,
        org_code as organisation_code
    from {{ ref('organisations') }}
    where alias_codes is not null
),

codes as (
    select
        organisation_code as code,
        organisation_code
    from organisations
    union all
    select
        upper(trim(code)) as code,
        organisation_code
    from aliases
    where upper(trim(code)) not in (select organisations.organisation_code from organisations)
    union all
    select
        old_code as code,
        old_code as organisation_code
    from successions
    where old_code not in (select organisations.organisation_code from organisations)
),

-- Chains of mergers, followed whatever their dates: a stay may lie on both sides of a merger.
chains as (
    select
        code,
        organisation_code,
        organisation_code as current_code,
        0 as hops
    from codes
    union all
    select
        chains.code,
        chains.organisation_code,
        successions.new_code as current_code,
        chains.hops + 1 as hops
    from chains
    inner join successions
        on chains.current_code = successions.old_code
    where chains.hops < 50
),

ends as (
    select
        code,
        organisation_code,
        current_code as final_organisation_code
    from chains
    qualify row_number() over (partition by code order by hops desc) = 1
),

final as (
    select * from ends
    where
        organisation_code in (select organisations.organisation_code from organisations)
        or final_organisation_code in (select organisations.organisation_code from organisations)
)

select * from final
