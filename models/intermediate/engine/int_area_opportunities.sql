{% set amounts = [
    'opportunity_quarter_gbp',
    'opportunity_quarter_at_median_gbp',
    'opportunity_quarter_at_best_decile_gbp',
] -%}
with

results as (
    select
        indicator_id,
        organisation_code,
        organisation_class,
        sha_code,
        quarter,
        {{ amounts | join(',\n        ') }}
    from {{ ref('int_indicators_benchmarked') }}
),

indicators as (
    select
        indicator_id,
        in_published_total,
        published_from_quarter
    from {{ ref('indicators') }}
),

-- Interfaces 5.2.3: of an indicator on both classes, areas add up the trusts only.
classes_of_indicators as (
    select
        indicator_id,
        max(organisation_class) as area_class
    from results
    group by indicator_id
),

-- Interfaces 5.4.6: indicators with at least one amount in the quarter.
valued as (
    select
        results.*,
        results.organisation_class = classes_of_indicators.area_class as counts_for_areas,
        coalesce(
            indicators.in_published_total and results.quarter >= indicators.published_from_quarter,
            false
        ) as is_in_total
    from results
    inner join indicators
        on results.indicator_id = indicators.indicator_id
    inner join classes_of_indicators
        on results.indicator_id = classes_of_indicators.indicator_id
    qualify
        count(results.opportunity_quarter_gbp)
            over (partition by results.indicator_id, results.quarter)
        > 0
),

totals as (
    select
        organisation_code,
        organisation_class,
        sha_code,
        quarter,
        counts_for_areas,
        {% for amount in amounts -%}
            sum({{ amount }}) as total_{{ amount }},
            -- A pre-operative day is a day of stay and is counted once (methodology 2.6). least()
            -- skips nulls, so that one of the two missing would count the other as overlap.
            least(
                coalesce(sum({{ amount }}) filter (where indicator_id = 'BCBV01'), 0),
                coalesce(sum({{ amount }}) filter (where indicator_id = 'BCBV02'), 0)
            ) as overlap_{{ amount }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from valued
    where is_in_total
    group by organisation_code, organisation_class, sha_code, quarter, counts_for_areas
),

lines as (
    select
        indicator_id,
        organisation_code,
        sha_code,
        quarter,
        counts_for_areas,
        {{ amounts | join(',\n        ') }}
    from valued
    union all
    select
        'ALL' as indicator_id,
        organisation_code,
        sha_code,
        quarter,
        counts_for_areas,
        {% for amount in amounts -%}
            total_{{ amount }} as {{ amount }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from totals
    union all
    select
        'ALL_NETTED' as indicator_id,
        organisation_code,
        sha_code,
        quarter,
        counts_for_areas,
        {% for amount in amounts -%}
            total_{{ amount }} - overlap_{{ amount }} as {{ amount }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from totals
),

areas as (
    select
        indicator_id,
        'organisation' as area_level,
        organisation_code as area_code,
        quarter,
        {{ amounts | join(',\n        ') }}
    from lines
    union all
    select
        indicator_id,
        'sha' as area_level,
        sha_code as area_code,
        quarter,
        {{ amounts | join(',\n        ') }}
    from lines
    where sha_code is not null and counts_for_areas
    union all
    select
        indicator_id,
        'england' as area_level,
        'england' as area_code,
        quarter,
        {{ amounts | join(',\n        ') }}
    from lines
    where counts_for_areas
),

summed as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
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
        {% for amount in amounts -%}
            {{ parameter('annualisation_factor') }} * {{ amount }}
                as {{ amount | replace('quarter', 'annual') }},
        {% endfor -%}
        {{ parameter('releasable_fraction') }} * {{ parameter('annualisation_factor') }}
        * opportunity_quarter_gbp as releasable_annual_gbp
    from summed
)

select * from final
