with

-- Rulebook 2.7: 00L998 are the items of group 00L whose practice is not known.
groups as (
    select
        organisation_code as group_code,
        organisation_code || '998' as unidentified_practice_code
    from {{ ref('int_organisations') }}
    where organisation_class = 'pct'
),

staged as (
    select
        stg_epact.*,
        {{ row_identity('epact') }}
    from {{ ref('stg_epact') }} as stg_epact
    left join groups
        on stg_epact.practice_code = groups.unidentified_practice_code
),

{{ judged_rows('staged') }}

select * from judged_rows
