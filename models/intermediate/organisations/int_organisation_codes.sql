with recursive

organisations as (
    select
        organisation_code,
        organisation_type,
        organisation_class
    from {{ ref('int_organisations') }}
),

codes_by_form as (
    select * from {{ ref('int_codes_by_form') }}
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

known as (
    select * from ends
    where
        organisation_code in (select organisations.organisation_code from organisations)
        or final_organisation_code in (select organisations.organisation_code from organisations)
),

-- What a code stands for now or in the end: a trust that closed is one, if one followed it.
roles as (
    select
        known.code,
        known.organisation_code,
        known.final_organisation_code,
        bool_or(
            organisations.organisation_class = 'trust'
            or organisations.organisation_type = 'mental_health'
        ) as is_trust,
        bool_or(organisations.organisation_class = 'pct') as is_group
    from known
    inner join organisations
        on
            known.organisation_code = organisations.organisation_code
            or known.final_organisation_code = organisations.organisation_code
    group by known.code, known.organisation_code, known.final_organisation_code
),

-- Rulebook 2.6 and 2.7: a code that is known as such stays what it is.
resolved as (
    select
        codes_by_form.code,
        roles.organisation_code,
        roles.final_organisation_code
    from codes_by_form
    inner join roles
        on
            (codes_by_form.trust_code = roles.code and roles.is_trust)
            or (codes_by_form.group_code = roles.code and roles.is_group)
            or codes_by_form.area_team_code = roles.code
    where codes_by_form.code not in (select known.code from known)
),

final as (
    select * from known
    union all
    select * from resolved
)

select * from final
