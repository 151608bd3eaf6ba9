with

members as (
    select * from {{ ref('int_drilldown_members') }}
),

-- Of a code in several versions, the latest one's name.
hrgs as (
    select
        hrg_code,
        label,
        chapter,
        chapter_name,
        row_number() over (partition by hrg_code order by version desc) as place,
        row_number() over (
            partition by chapter
            order by version desc, hrg_code asc
        ) as place_in_chapter
    from {{ ref('hrgs') }}
),

organisations as (
    select
        organisation_code,
        organisation_name
    from {{ ref('int_organisations') }}
),

procedure_groups as (
    select
        procedure_id,
        procedure_name
    from {{ ref('procedure_groups') }}
    where group_id in ('day_case_basket', 'surgical_threshold')
),

conditions as (
    select
        reported_as,
        condition_name
    from {{ ref('acsc_conditions') }}
),

names as (
    select
        'hrg' as dimension,
        hrg_code as member,
        label as member_name
    from hrgs
    where place = 1
    union all
    select
        'hrg_chapter' as dimension,
        chapter as member,
        chapter_name as member_name
    from hrgs
    where place_in_chapter = 1
    {% for dimension in ['pct', 'provider'] -%}
        union all
        select
            '{{ dimension }}' as dimension,
            organisation_code as member,
            organisation_name as member_name
        from organisations
    {% endfor -%}
    union all
    select
        'procedure' as dimension,
        procedure_id as member,
        procedure_name as member_name
    from procedure_groups
    union all
    select distinct
        'condition' as dimension,
        reported_as as member,
        condition_name as member_name
    from conditions
),

final as (
    select
        members.indicator_id,
        members.organisation_code,
        members.quarter,
        members.dimension,
        members.member,
        case
            when members.member = 'none' then 'Not given'
            when members.member in ('unknown', '&') then 'Not known'
            when members.dimension = 'specialty' then 'Treatment function ' || members.member
            else coalesce(names.member_name, members.member)
        end as member_name,
        members.n_cases,
        members.observed,
        members.expected,
        members.excess_units,
        members.opportunity_annual_gbp
    from members
    left join names
        on
            members.dimension = names.dimension
            and members.member = names.member
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
