with recursive

codes as (
    select
        code,
        organisation_code
    from {{ ref('int_organisation_codes') }}
),

quarters as (
    select
        quarter,
        quarter_end_date
    from {{ ref('int_quarters') }}
),

successions as (
    select
        old_code,
        new_code,
        effective_date
    from {{ ref('int_successions') }}
),

-- Rulebook 2.1: a merger in force by the quarter's last day holds for the whole quarter.
chains as (
    select
        codes.code,
        quarters.quarter,
        quarters.quarter_end_date,
        codes.organisation_code,
        0 as hops
    from codes
    cross join quarters
    union all
    select
        chains.code,
        chains.quarter,
        chains.quarter_end_date,
        successions.new_code as organisation_code,
        chains.hops + 1 as hops
    from chains
    inner join successions
        on
            chains.organisation_code = successions.old_code
            and chains.quarter_end_date >= successions.effective_date
    where chains.hops < 50
),

final as (
    select
        code,
        quarter,
        organisation_code
    from chains
    qualify row_number() over (partition by code, quarter order by hops desc) = 1
)

select * from final
