with

prescribing as (
    select * from {{ ref('int_practice_prescribing') }}
),

results as (
    select
        indicator_id,
        short_name,
        organisation_code,
        quarter,
        numerator,
        denominator,
        benchmark_value
    from {{ ref('int_indicators_benchmarked') }}
),

reference as (
    select
        short_name,
        organisation_code,
        quarter
    from {{ ref('int_indicator_gate') }}
    where is_reference
),

practices as (
    {% for short_name in drug_shares() -%}
        select
            '{{ short_name }}' as short_name,
            organisation_code,
            practice_code,
            quarter,
            {{ drug_totals(short_name) }}
        from prescribing
        group by organisation_code, practice_code, quarter
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

reference_prices as (
    select
        practices.short_name,
        practices.quarter,
        {{ saving_per_item(
            'sum(practices.numerator)', 'sum(practices.denominator)',
            'sum(practices.numerator_cost_gbp)', 'sum(practices.denominator_cost_gbp)'
        ) }} as saving_per_item_gbp
    from practices
    inner join reference
        on
            practices.short_name = reference.short_name
            and practices.organisation_code = reference.organisation_code
            and practices.quarter = reference.quarter
    group by practices.short_name, practices.quarter
),

-- Prescribing that no practice is known for counts for the PCT, but is nobody's to change.
compared as (
    select
        results.indicator_id,
        practices.organisation_code,
        coalesce(practices.practice_code, 'unknown') as practice_code,
        practices.quarter,
        cast(practices.numerator as double) as numerator,
        cast(practices.denominator as double) as denominator,
        practices.numerator / nullif(practices.denominator, 0) as value,
        results.benchmark_value,
        case
            when practices.practice_code is not null and results.benchmark_value is not null
                then greatest(
                    0.0, results.benchmark_value - practices.numerator / practices.denominator
                )
        end as gap,
        {{ own_saving_per_item('practices', 'reference_prices') }} as unit_price_gbp
    from practices
    inner join results
        on
            practices.short_name = results.short_name
            and practices.organisation_code = results.organisation_code
            and practices.quarter = results.quarter
    left join reference_prices
        on
            practices.short_name = reference_prices.short_name
            and practices.quarter = reference_prices.quarter
    where practices.denominator > 0
),

final as (
    select
        *,
        gap * denominator as excess_units,
        {{ parameter('annualisation_factor') }} * gap * denominator * unit_price_gbp
            as opportunity_annual_gbp
    from compared
)

select * from final
