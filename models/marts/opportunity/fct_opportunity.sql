{# These two stand last in the table, as they came last: what reads it by place has not moved. #}
{% set last_amounts = [
    'opportunity_quarter_unflagged_gbp',
    'opportunity_quarter_activity_adjusted_gbp',
] -%}
{% set amounts = [
    'opportunity_quarter_gbp',
    'opportunity_quarter_at_median_gbp',
    'opportunity_quarter_at_best_decile_gbp',
] + last_amounts -%}
with

results as (
    select
        results.indicator_id,
        results.organisation_code,
        results.organisation_class,
        results.sha_code,
        results.quarter,
        results.opportunity_quarter_gbp,
        results.opportunity_quarter_at_median_gbp,
        results.opportunity_quarter_at_best_decile_gbp,
        case
            when results.publication_status = 'published' then results.opportunity_quarter_gbp
        end as opportunity_quarter_unflagged_gbp,
        adjusted.opportunity_quarter_activity_adjusted_gbp,
        results.opportunity_quarter_gbp is not null as has_pounds,
        results.opportunity_quarter_gbp is not null
        and results.publication_status in ('withheld', 'caveat') as is_flagged
    from {{ ref('int_indicators_benchmarked') }} as results
    left join {{ ref('int_activity_adjusted_opportunities') }} as adjusted
        on
            results.indicator_id = adjusted.indicator_id
            and results.organisation_code = adjusted.organisation_code
            and results.quarter = adjusted.quarter
),

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
        count(results.opportunity_quarter_gbp)
            over (partition by results.indicator_id, results.quarter)
        > 0
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
        bool_or(has_pounds) as has_pounds,
        bool_or(is_flagged) as is_flagged,
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
        has_pounds,
        is_flagged,
        {{ amounts | join(',\n        ') }}
    from valued
    union all
    select
        'ALL' as indicator_id,
        organisation_code,
        sha_code,
        quarter,
        counts_for_areas,
        has_pounds,
        is_flagged,
        {{ amounts | join(',\n        ') }}
    from totals
    union all
    select
        'ALL_NETTED' as indicator_id,
        totals.organisation_code,
        totals.sha_code,
        totals.quarter,
        totals.counts_for_areas,
        totals.has_pounds,
        totals.is_flagged,
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
        has_pounds,
        is_flagged,
        {{ amounts | join(',\n        ') }}
    from lines
    union all
    select
        indicator_id,
        'sha' as area_level,
        sha_code as area_code,
        quarter,
        organisation_code,
        has_pounds,
        is_flagged,
        {{ amounts | join(',\n        ') }}
    from lines
    where sha_code is not null and counts_for_areas
    union all
    select
        indicator_id,
        'england' as area_level,
        'england' as area_code,
        quarter,
        organisation_code,
        has_pounds,
        is_flagged,
        {{ amounts | join(',\n        ') }}
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
        {% for amount in amounts -%}
            sum({{ amount }}) as {{ amount }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from areas
    group by indicator_id, area_level, area_code, quarter
),

final as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        opportunity_quarter_gbp,
        {% for amount in amounts if amount not in last_amounts -%}
            {{ parameter('annualisation_factor') }} * {{ amount }}
                as {{ amount | replace('quarter', 'annual') }},
        {% endfor -%}
        {{ parameter('releasable_fraction') }} * {{ parameter('annualisation_factor') }}
        * opportunity_quarter_gbp as releasable_annual_gbp,
        n_organisations,
        n_flagged,
        {% for amount in last_amounts -%}
            {{ parameter('annualisation_factor') }} * {{ amount }}
                as {{ amount | replace('quarter', 'annual') }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from summed
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
