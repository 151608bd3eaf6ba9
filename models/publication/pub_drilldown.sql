{% set keys = ['indicator_id', 'organisation_code', 'quarter', 'dimension'] -%}
{% set counts = ['patients_observed', 'patients_counted', 'patients_left'] -%}
with

members as (
    select
        *,
        case when is_pooled then 'other' else member end as shown_member,
        patients_counted is not null as is_of_own_cases
    from {{ ref('int_pooled_members') }}
),

names as (
    select distinct
        dimension,
        member,
        member_name
    from {{ ref('drilldown') }}
),

parameters as (
    select
        {{ parameter('small_count') }} as small_count,
        {{ parameter('possible_counts') }} as possible_counts
),

-- Rulebook 10.5.
summed as (
    select
        {{ keys | join(',\n        ') }},
        shown_member as member,
        is_of_own_cases,
        sum(n_cases) as n_cases,
        sum(observed) as observed,
        case when not bool_or(is_expected_untold) then sum(expected) end as expected,
        bool_or(is_expected_untold) as is_expected_untold,
        sum(excess_units) as exact_excess_units,
        sum(opportunity_annual_gbp) as exact_opportunity_annual_gbp,
        {% for count in counts -%}
            sum({{ count }}) as {{ count }},
            count(*) filter (where {{ count }} >= 0.5) as members_with_{{ count }},
        {% endfor -%}
        count(*) as n_members,
        bool_or(is_pooled) as is_pooled
    from members
    group by {{ keys | join(', ') }}, shown_member, is_of_own_cases
),

-- Where all together are too few for so many members, nothing is shown of the dimension.
safe as (
    select summed.*
    from summed
    cross join parameters
    qualify
        bool_and(
            not summed.is_pooled
            or (
                summed.n_members > 1
                and summed.n_cases > parameters.small_count
                {% for count in counts -%}
                    and {{ tells_of_none('summed.' ~ count, 'summed.members_with_' ~ count) }}
                {% endfor %}
            )
        ) over (partition by summed.{{ keys | join(', summed.') }})
),

rounded as (
    select
        {{ keys | join(',\n        ') }},
        member,
        is_of_own_cases,
        is_expected_untold,
        is_pooled,
        n_members,
        exact_excess_units,
        exact_opportunity_annual_gbp,
        {{ rounded_count('n_cases') }} as n_cases,
        {{ rounded_count('observed') }} as observed,
        case
            when is_of_own_cases then {{ rounded_count('expected') }}
            else {{ rounded_value('expected', 1) }}
        end as expected
    from safe
),

{{ compared_parts('rounded') }},

-- What is expected of own cases tells how many there are, and so would what follows from it and
-- what was observed: such a part's excess and pounds follow from what stands beside them.
priced as (
    select
        results.*,
        case
            when results.is_expected_untold then null
            when results.is_of_own_cases then results.part_excess_units
            else results.exact_excess_units
        end as shown_excess_units,
        case
            when results.is_expected_untold then null
            when results.is_of_own_cases
                then {{ shared_opportunity('results.part_excess_units') }}
            else results.exact_opportunity_annual_gbp
        end as shown_opportunity_annual_gbp
    from compared_parts as results
),

final as (
    select
        priced.indicator_id,
        priced.organisation_code,
        priced.quarter,
        priced.dimension,
        priced.member,
        case
            when priced.is_pooled then 'Other (' || priced.n_members || ' members)'
            else names.member_name
        end as member_name,
        cast(priced.n_cases as bigint) as n_cases,
        priced.observed,
        priced.expected,
        {{ rounded_value('priced.shown_excess_units', 1) }} as excess_units,
        {{ rounded_pounds('priced.shown_opportunity_annual_gbp') }} as opportunity_annual_gbp
    from priced
    left join names
        on
            priced.dimension = names.dimension
            and priced.member = names.member
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
