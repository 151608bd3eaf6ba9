-- Rulebook 10.3: what is published adds up to what is published, to the pound and the case. Nothing
-- of the warehouse is read here but who counts where.
{% set amounts = [
    'opportunity_quarter_gbp', 'opportunity_annual_gbp', 'opportunity_annual_at_median_gbp',
    'opportunity_annual_at_best_decile_gbp', 'releasable_annual_gbp',
    'opportunity_annual_unflagged_gbp', 'opportunity_annual_activity_adjusted_gbp',
] -%}
{% set of_values = amounts[:5] -%}
{% set parts = [
    'performance_gbp', 'benchmark_gbp', 'volume_gbp', 'price_and_mix_gbp', 'reporting_gbp',
    'organisations_gbp', 'scope_gbp',
] -%}
with

indicators as (
    select
        indicator_id,
        area_class,
        in_published_total,
        published_from_quarter
    from {{ ref('indicators') }}
),

indicator_values as (
    select
        published.*,
        organisations.sha_code,
        published.organisation_class = indicators.area_class as counts_for_areas,
        indicators.in_published_total and published.quarter >= indicators.published_from_quarter
            as is_in_total
    from {{ ref('pub_fct_indicator_values') }} as published
    inner join {{ ref('pub_dim_organisation') }} as organisations
        on published.organisation_code = organisations.organisation_code
    inner join indicators
        on published.indicator_id = indicators.indicator_id
),

opportunities as (
    select * from {{ ref('pub_fct_opportunity') }}
),

changes as (
    select * from {{ ref('pub_fct_opportunity_change') }}
),

of_organisations as (
    select
        opportunities.*,
        organisations.sha_code
    from opportunities
    inner join {{ ref('pub_dim_organisation') }} as organisations
        on opportunities.area_code = organisations.organisation_code
    where opportunities.area_level = 'organisation'
),

checks as (
    -- An organisation's line of an indicator is its row of the values.
    {% for amount in of_values -%}
        select
            'organisation: {{ amount }}' as what,
            opportunities.indicator_id || ' ' || opportunities.area_code as which,
            opportunities.quarter,
            opportunities.{{ amount }} as published,
            indicator_values.{{ amount }} as wanted
        from opportunities
        left join indicator_values
            on
                opportunities.indicator_id = indicator_values.indicator_id
                and opportunities.area_code = indicator_values.organisation_code
                and opportunities.quarter = indicator_values.quarter
        where
            opportunities.area_level = 'organisation'
            and opportunities.indicator_id not like 'ALL%'
        union all
    {% endfor -%}
    -- The total is the sum of the indicators in it.
    {% for amount in amounts -%}
        select
            'ALL: {{ amount }}' as what,
            totals.area_level || ' ' || totals.area_code as which,
            totals.quarter,
            max(totals.{{ amount }}) as published,
            sum(opportunities.{{ amount }}) as wanted
        from opportunities as totals
        inner join indicators
            on
                indicators.in_published_total
                and totals.quarter >= indicators.published_from_quarter
        inner join opportunities
            on
                indicators.indicator_id = opportunities.indicator_id
                and totals.area_level = opportunities.area_level
                and totals.area_code = opportunities.area_code
                and totals.quarter = opportunities.quarter
        where totals.indicator_id = 'ALL'
        group by totals.area_level, totals.area_code, totals.quarter
        union all
    {% endfor -%}
    -- An authority is the sum of its organisations, England of all of them.
    {% for area_level, condition in [
        ('sha', 'opportunities.area_code = of_organisations.sha_code'), ('england', 'true'),
    ] -%}
        {% for amount in amounts + ['n_organisations', 'n_flagged', 'n_suppressed'] -%}
            select
                '{{ area_level }}: {{ amount }}' as what,
                opportunities.indicator_id || ' ' || opportunities.area_code as which,
                opportunities.quarter,
                max(opportunities.{{ amount }}) as published,
                sum(of_organisations.{{ amount }}) as wanted
            from opportunities
            inner join of_organisations
                on
                    opportunities.indicator_id = of_organisations.indicator_id
                    and opportunities.quarter = of_organisations.quarter
                    and {{ condition }}
            inner join indicators
                on opportunities.indicator_id = indicators.indicator_id
            where opportunities.area_level = '{{ area_level }}'
            group by opportunities.indicator_id, opportunities.area_code, opportunities.quarter
            union all
        {% endfor -%}
    {% endfor -%}
    -- The steps of a change go from its one end to the other; England's are the organisations'.
    select
        'change: parts' as what,
        indicator_id || ' ' || area_code || ' ' || comparison as which,
        quarter,
        change_gbp as published,
        {{ parts | join(' + ') }} as wanted
    from changes
    union all
    select
        'change: ends' as what,
        indicator_id || ' ' || area_code || ' ' || comparison as which,
        quarter,
        change_gbp as published,
        case
            when opportunity_from_gbp is not null or opportunity_to_gbp is not null
                then coalesce(opportunity_to_gbp, 0) - coalesce(opportunity_from_gbp, 0)
        end as wanted
    from changes
    union all
    select
        'change: to' as what,
        changes.indicator_id || ' ' || changes.area_code || ' ' || changes.comparison as which,
        changes.quarter,
        changes.opportunity_to_gbp as published,
        opportunities.opportunity_annual_gbp as wanted
    from changes
    inner join opportunities
        on
            changes.indicator_id = opportunities.indicator_id
            and changes.area_level = opportunities.area_level
            and changes.area_code = opportunities.area_code
            and changes.quarter = opportunities.quarter
    where
        changes.area_level = 'organisation'
        and changes.indicator_id <> 'ALL'
        and changes.disclosure_status = 'shown'
    {% for part in ['opportunity_from_gbp', 'opportunity_to_gbp', 'change_gbp'] + parts[:6] %}
        union all
        select
            'change of england: {{ part }}' as what,
            england.indicator_id || ' ' || england.comparison as which,
            england.quarter,
            max(england.{{ part }}) as published,
            sum(changes.{{ part }}) as wanted
        from changes as england
        inner join changes
            on
                england.indicator_id = changes.indicator_id
                and england.quarter = changes.quarter
                and england.comparison = changes.comparison
                and changes.area_level = 'organisation'
        inner join indicators
            on england.indicator_id = indicators.indicator_id
        where england.area_level = 'england'
        group by england.indicator_id, england.comparison, england.quarter
    {% endfor %}
    -- An area's figures are its organisations', and its value follows from them.
    {% for measure in ['numerator', 'denominator', 'expected'] %}
        union all
        select
            'area: {{ measure }}' as what,
            areas.indicator_id || ' ' || areas.organisation_class || ' ' || areas.area_code
                as which,
            areas.quarter,
            max(areas.{{ measure }}) as published,
            round(sum(indicator_values.{{ measure }}), 1) as wanted
        from {{ ref('pub_fct_area_values') }} as areas
        left join indicator_values
            on
                areas.indicator_id = indicator_values.indicator_id
                and areas.organisation_class = indicator_values.organisation_class
                and areas.quarter = indicator_values.quarter
                and areas.area_code in ('england', indicator_values.sha_code)
                and indicator_values.publication_status in ('published', 'caveat')
        group by
            areas.indicator_id, areas.organisation_class, areas.area_code, areas.quarter
    {% endfor %}
    union all
    select
        'area: organisations' as what,
        areas.indicator_id || ' ' || areas.organisation_class || ' ' || areas.area_code as which,
        areas.quarter,
        max(areas.n_organisations + areas.n_left_out + areas.n_suppressed) as published,
        count(indicator_values.organisation_code) as wanted
    from {{ ref('pub_fct_area_values') }} as areas
    left join indicator_values
        on
            areas.indicator_id = indicator_values.indicator_id
            and areas.organisation_class = indicator_values.organisation_class
            and areas.quarter = indicator_values.quarter
            and areas.area_code in ('england', indicator_values.sha_code)
    group by areas.indicator_id, areas.organisation_class, areas.area_code, areas.quarter
    -- Scenarios that have a counterpart are it.
    {% for scenario, total, amount in [
        ('as_published', 'ALL', 'opportunity_annual_gbp'),
        ('median', 'ALL', 'opportunity_annual_at_median_gbp'),
        ('best_decile', 'ALL', 'opportunity_annual_at_best_decile_gbp'),
        ('unflagged_only', 'ALL', 'opportunity_annual_unflagged_gbp'),
        ('netted', 'ALL_NETTED', 'opportunity_annual_gbp'),
    ] %}
        union all
        select
            'scenario: {{ scenario }}' as what,
            scenarios.indicator_id as which,
            scenarios.quarter,
            scenarios.opportunity_annual_gbp as published,
            opportunities.{{ amount }} as wanted
        from {{ ref('pub_fct_sensitivity') }} as scenarios
        left join opportunities
            on
                scenarios.quarter = opportunities.quarter
                and opportunities.area_level = 'england'
                and opportunities.indicator_id = case
                    when scenarios.indicator_id = 'ALL' then '{{ total }}'
                    else scenarios.indicator_id
                end
        where scenarios.scenario = '{{ scenario }}'
    {% endfor %}
    union all
    select
        'vintage: current' as what,
        vintages.indicator_id as which,
        vintages.quarter,
        vintages.opportunity_annual_gbp as published,
        opportunities.opportunity_annual_gbp as wanted
    from {{ ref('pub_fct_opportunity_vintages') }} as vintages
    left join opportunities
        on
            vintages.indicator_id = opportunities.indicator_id
            and vintages.quarter = opportunities.quarter
            and opportunities.area_level = 'england'
    where vintages.release = 'current'
    -- England's fifths of residents are those that are shown of its PCTs.
    {% for measure in ['observed', 'n_suppressed'] %}
        union all
        select
            'fifth: {{ measure }}' as what,
            england.indicator_id || ' ' || england.deprivation_quintile as which,
            england.quarter,
            max(england.{{ measure }}) as published,
            sum(fifths.{{ measure }}) as wanted
        from {{ ref('pub_fct_equity') }} as england
        inner join {{ ref('pub_fct_equity') }} as fifths
            on
                england.indicator_id = fifths.indicator_id
                and england.quarter = fifths.quarter
                and england.deprivation_quintile = fifths.deprivation_quintile
                and fifths.area_level = 'organisation'
        inner join indicator_values
            on
                fifths.indicator_id = indicator_values.indicator_id
                and fifths.area_code = indicator_values.organisation_code
                and fifths.quarter = indicator_values.quarter
        where
            england.area_level = 'england'
            and indicator_values.publication_status in ('published', 'caveat')
        group by england.indicator_id, england.deprivation_quintile, england.quarter
    {% endfor %}
),

final as (
    select * from checks
    where {{ differs('published', 'wanted') }}
)

select * from final
