{% macro opportunity_sums(amounts, has_hidden=false) %}
    {#-
        CTEs, the last summed: pounds of organisations, authorities and England by indicator and in both totals
        (Rulebook 4.6). Warehouse and public release add up alike.

        amounts: columns of pounds, a list. has_hidden: whether rows of results may be hidden. Needs the CTE results, with
        indicator_id, organisation_code, organisation_class, sha_code, quarter, the amounts, has_pounds, is_flagged and, of
        has_hidden, is_hidden (it has pounds that are not shown).
    -#}
    {%- set flags = ['has_pounds', 'is_flagged'] + (['is_hidden'] if has_hidden else []) -%}
    indicators as (
        select
            indicator_id,
            area_class,
            in_published_total,
            published_from_quarter,
            counted_within
        from {{ ref('indicators') }}
    ),

    -- Rulebook 4.6: indicators with at least one amount in the quarter. Rulebook 2.3: of an
    -- indicator on both classes, areas add up one.
    valued as (
        select
            results.*,
            indicators.counted_within,
            results.organisation_class = indicators.area_class as counts_for_areas,
            {{ is_in_published_total('results.quarter') }} as is_in_total
        from results
        inner join indicators
            on results.indicator_id = indicators.indicator_id
        qualify
            bool_or(results.has_pounds{{ ' or results.is_hidden' if has_hidden }})
                over (partition by results.indicator_id, results.quarter)
    ),

    -- A pre-operative day is a day of stay and is counted once (Rulebook 4.6).
    counted_twice as (
        select
            parts.organisation_code,
            parts.quarter,
            parts.counts_for_areas,
            {% for amount in amounts -%}
                sum({{ counted_twice('parts.' ~ amount, 'wholes.' ~ amount) }})
                    as {{ amount }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from valued as parts
        inner join valued as wholes
            on
                parts.counted_within = wholes.indicator_id
                and parts.organisation_code = wholes.organisation_code
                and parts.quarter = wholes.quarter
        where parts.is_in_total and wholes.is_in_total
        group by parts.organisation_code, parts.quarter, parts.counts_for_areas
    ),

    totals as (
        select
            organisation_code,
            sha_code,
            quarter,
            counts_for_areas,
            {% for flag in flags -%}
                bool_or({{ flag }}) as {{ flag }},
            {% endfor -%}
            {% for amount in amounts -%}
                sum({{ amount }}) as {{ amount }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from valued
        where is_in_total
        group by organisation_code, sha_code, quarter, counts_for_areas
    ),

    lines as (
        select
            indicator_id,
            organisation_code,
            sha_code,
            quarter,
            counts_for_areas,
            {{ (flags + amounts) | join(',\n        ') }}
        from valued
        union all
        select
            'ALL' as indicator_id,
            organisation_code,
            sha_code,
            quarter,
            counts_for_areas,
            {{ (flags + amounts) | join(',\n        ') }}
        from totals
        union all
        select
            'ALL_NETTED' as indicator_id,
            totals.organisation_code,
            totals.sha_code,
            totals.quarter,
            totals.counts_for_areas,
            {% for flag in flags -%}
                totals.{{ flag }},
            {% endfor -%}
            {% for amount in amounts -%}
                totals.{{ amount }} - coalesce(counted_twice.{{ amount }}, 0) as {{ amount }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from totals
        left join counted_twice
            on
                totals.organisation_code = counted_twice.organisation_code
                and totals.quarter = counted_twice.quarter
                and totals.counts_for_areas = counted_twice.counts_for_areas
    ),

    areas as (
        select
            indicator_id,
            'organisation' as area_level,
            organisation_code as area_code,
            quarter,
            organisation_code,
            {{ (flags + amounts) | join(',\n        ') }}
        from lines
        union all
        select
            indicator_id,
            'sha' as area_level,
            sha_code as area_code,
            quarter,
            organisation_code,
            {{ (flags + amounts) | join(',\n        ') }}
        from lines
        where sha_code is not null and counts_for_areas
        union all
        select
            indicator_id,
            'england' as area_level,
            'england' as area_code,
            quarter,
            organisation_code,
            {{ (flags + amounts) | join(',\n        ') }}
        from lines
        where counts_for_areas
    ),

    -- Rulebook 8.9: an organisation with indicators that areas add up, and others, has two lines.
    summed as (
        select
            indicator_id,
            area_level,
            area_code,
            quarter,
            count(distinct organisation_code) filter (where has_pounds) as n_organisations,
            count(distinct organisation_code) filter (where is_flagged) as n_flagged,
            {% if has_hidden -%}
                count(distinct organisation_code) filter (where is_hidden) as n_suppressed,
            {% endif -%}
            {% for amount in amounts -%}
                sum({{ amount }}) as {{ amount }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from areas
        group by indicator_id, area_level, area_code, quarter
    )
{%- endmacro %}
