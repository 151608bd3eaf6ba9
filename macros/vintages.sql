{% macro vintages(opportunities) %}
    {#-
        CTEs, the last vintages: England's pounds by indicator and in both totals as each release had them, and as they are
        now (Rulebook 9.15). Warehouse and public release add up alike. opportunities: fct_opportunity, or what is published of it.

        Needs the CTE released, as int_released_values.
    -#}
    indicators as (
        select
            indicator_id,
            area_class,
            counted_within
        from {{ ref('indicators') }}
    ),

    -- As in fct_opportunity: indicators with at least one amount in the quarter.
    valued as (
        select *
        from released
        qualify
            count(opportunity_annual_gbp) over (partition by release, indicator_id, quarter) > 0
    ),

    -- What was in the total then is counted whatever the registry says now.
    lines as (
        select
            valued.release,
            valued.published_at,
            valued.indicator_id,
            valued.organisation_code,
            valued.quarter,
            valued.opportunity_annual_gbp,
            valued.is_in_published_total,
            indicators.counted_within
        from valued
        left join indicators
            on valued.indicator_id = indicators.indicator_id
        where
            valued.organisation_class = indicators.area_class
            or valued.is_in_published_total
    ),

    totals as (
        select
            release,
            published_at,
            quarter,
            sum(opportunity_annual_gbp) as opportunity_annual_gbp
        from lines
        where is_in_published_total
        group by release, published_at, quarter
    ),

    -- Rulebook 4.6.
    counted_twice as (
        select
            parts.release,
            parts.quarter,
            sum(
                {{ counted_twice('parts.opportunity_annual_gbp', 'wholes.opportunity_annual_gbp') }}
            ) as opportunity_annual_gbp
        from lines as parts
        inner join lines as wholes
            on
                parts.counted_within = wholes.indicator_id
                and parts.release = wholes.release
                and parts.organisation_code = wholes.organisation_code
                and parts.quarter = wholes.quarter
        where parts.is_in_published_total and wholes.is_in_published_total
        group by parts.release, parts.quarter
    ),

    england as (
        select
            indicator_id,
            quarter,
            release,
            published_at,
            sum(opportunity_annual_gbp) as opportunity_annual_gbp
        from lines
        group by indicator_id, quarter, release, published_at
        union all
        select
            'ALL' as indicator_id,
            quarter,
            release,
            published_at,
            opportunity_annual_gbp
        from totals
        union all
        select
            'ALL_NETTED' as indicator_id,
            totals.quarter,
            totals.release,
            totals.published_at,
            totals.opportunity_annual_gbp - coalesce(counted_twice.opportunity_annual_gbp, 0)
                as opportunity_annual_gbp
        from totals
        left join counted_twice
            on
                totals.release = counted_twice.release
                and totals.quarter = counted_twice.quarter
        union all
        select
            indicator_id,
            quarter,
            'current' as release,
            cast(null as timestamp) as published_at,
            opportunity_annual_gbp
        from {{ opportunities }}
        where area_level = 'england'
    ),

    vintages as (
        select
            indicator_id,
            'england' as area_code,
            quarter,
            release,
            published_at,
            opportunity_annual_gbp
        from england
    )
{%- endmacro %}


{% macro was_shown() -%}
    {#- Whether a row of the ledger was shown by a public release; those of older versions say nothing and hid none. -#}
    kind = 'public' and coalesce(disclosure_status, 'shown') = 'shown'
{%- endmacro %}
