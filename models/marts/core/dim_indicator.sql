with

indicators as (
    select * from {{ ref('indicators') }}
),

final as (
    select
        indicator_id,
        short_name,
        name,
        area,
        org_type,
        area_class,
        direction,
        unit,
        value_scale,
        standardisation,
        is_standardised,
        benchmark_excluded_types,
        benchmark_quantile,
        min_denominator,
        minimum_applies_to,
        interval_method,
        design_effect,
        trend_method,
        is_overlapping,
        value_decimals,
        numerator_label,
        denominator_label,
        above_words,
        below_words,
        disclosive_counts,
        min_reference_spells,
        price_basis,
        price_id,
        cost_source,
        in_published_total,
        published_from_quarter,
        counted_within,
        active_from_quarter,
        active_to_quarter,
        feeds,
        short_name in (
            {% for short_name in computed_indicators() -%}
                '{{ short_name }}'{{ ',' if not loop.last }}
            {% endfor -%}
        ) as is_computed,
        evidence,
        why_it_matters,
        caveats,
        how_to_improve,
        author,
        review_date
    from indicators
)

select * from final
