{% set parts = [
    'performance_gbp',
    'benchmark_gbp',
    'volume_gbp',
    'price_and_mix_gbp',
    'reporting_gbp',
    'organisations_gbp',
] -%}
{% set amounts = ['opportunity_from_gbp', 'opportunity_to_gbp'] + parts + ['scope_gbp'] -%}
with

changes as (
    select * from {{ ref('int_opportunity_changes') }}
),

{{ change_sums(amounts, parts) }},

final as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        comparison,
        from_quarter,
        {% for amount in amounts -%}
            {{ amount }},
        {% endfor -%}
        coalesce(opportunity_to_gbp, 0) - coalesce(opportunity_from_gbp, 0) as change_gbp
    from summed
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
