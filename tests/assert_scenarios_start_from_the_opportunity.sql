-- Each scenario that has a counterpart in the opportunity of England is that; the lower and the
-- upper bound lie around what is published; what is under ALL adds up from the indicators in the
-- total.
{% set counterparts = [
    ('as_published', 'ALL', 'opportunity_annual_gbp'),
    ('median', 'ALL', 'opportunity_annual_at_median_gbp'),
    ('best_decile', 'ALL', 'opportunity_annual_at_best_decile_gbp'),
    ('unflagged_only', 'ALL', 'opportunity_annual_unflagged_gbp'),
    ('netted', 'ALL_NETTED', 'opportunity_annual_gbp'),
] -%}
with

england as (
    select * from {{ ref('fct_opportunity') }}
    where area_level = 'england'
),

scenarios as (
    select * from {{ ref('fct_sensitivity') }}
),

indicators as (
    select * from {{ ref('dim_indicator') }}
),

wanted as (
    {% for scenario, total, amount in counterparts -%}
        select
            '{{ scenario }}' as scenario,
            case when indicator_id = '{{ total }}' then 'ALL' else indicator_id end as indicator_id,
            quarter,
            {{ amount }} as opportunity_annual_gbp
        from england
        where
            indicator_id = '{{ total }}'
            {% if scenario != 'netted' -%}
                or indicator_id not like 'ALL%'
            {%- endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
    union all
    select
        scenarios.scenario,
        'ALL' as indicator_id,
        scenarios.quarter,
        sum(scenarios.opportunity_annual_gbp) as opportunity_annual_gbp
    from scenarios
    inner join indicators
        on scenarios.indicator_id = indicators.indicator_id
    where
        indicators.in_published_total
        and scenarios.quarter >= indicators.published_from_quarter
    group by scenarios.scenario, scenarios.quarter
),

not_as_wanted as (
    select
        wanted.scenario,
        wanted.indicator_id,
        wanted.quarter,
        wanted.opportunity_annual_gbp as wanted_gbp,
        scenarios.opportunity_annual_gbp as found_gbp
    from wanted
    left join scenarios
        on
            wanted.scenario = scenarios.scenario
            and wanted.indicator_id = scenarios.indicator_id
            and wanted.quarter = scenarios.quarter
    where
        scenarios.scenario is null
        or {{ differs('scenarios.opportunity_annual_gbp', 'wanted.opportunity_annual_gbp') }}
),

-- Where somebody has pounds and no limits, as of counts that cannot be, the bounds leave out
-- what is published.
not_around as (
    select
        bounds.scenario,
        bounds.indicator_id,
        bounds.quarter,
        published.opportunity_annual_gbp as wanted_gbp,
        bounds.opportunity_annual_gbp as found_gbp
    from scenarios as bounds
    inner join scenarios as published
        on
            bounds.indicator_id = published.indicator_id
            and bounds.quarter = published.quarter
            and bounds.n_organisations = published.n_organisations
    where
        published.scenario = 'as_published'
        and bounds.indicator_id <> 'ALL'
        and (
            (
                bounds.scenario = 'lower_95'
                and bounds.opportunity_annual_gbp > published.opportunity_annual_gbp + 0.01
            )
            or (
                bounds.scenario = 'upper_95'
                and bounds.opportunity_annual_gbp < published.opportunity_annual_gbp - 0.01
            )
        )
),

final as (
    select * from not_as_wanted
    union all
    select * from not_around
)

select * from final
