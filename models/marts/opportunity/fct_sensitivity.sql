{% set scenarios = [
    'as_published',
    'median',
    'best_decile',
    'shrunk',
    'distinguishable_only',
    'lower_95',
    'upper_95',
    'unflagged_only',
    'sha_benchmark',
    'cluster_benchmark',
    'netted',
] -%}
{% set needs_limits = ['shrunk', 'distinguishable_only', 'lower_95', 'upper_95'] -%}
with

organisations as (
    select * from {{ ref('int_opportunity_scenarios') }}
),

lines as (
    select
        indicator_id,
        quarter,
        has_limits,
        {% for scenario in scenarios -%}
            {{ scenario }}_gbp
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from organisations
    union all
    select
        'ALL' as indicator_id,
        quarter,
        true as has_limits,
        {% for scenario in scenarios -%}
            sum({{ scenario }}_gbp) as {{ scenario }}_gbp
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from organisations
    where is_in_total
    group by organisation_code, quarter
),

-- Rulebook 4.6: indicators with at least one amount in the quarter.
england as (
    select
        indicator_id,
        quarter,
        has_limits,
        {% for scenario in scenarios -%}
            sum({{ scenario }}_gbp) as {{ scenario }}_gbp,
            count({{ scenario }}_gbp) as {{ scenario }}_n
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from lines
    group by indicator_id, quarter, has_limits
    having count(as_published_gbp) > 0
),

-- Rulebook 9.17: without a standard error there is nothing to shrink by; only totals count days
-- twice.
final as (
    {% for scenario in scenarios -%}
        select
            indicator_id,
            quarter,
            '{{ scenario }}' as scenario,
            {{ scenario }}_gbp as opportunity_annual_gbp,
            {{ scenario }}_n as n_organisations
        from england
        {% if scenario in needs_limits -%}
            where has_limits
        {% elif scenario == 'netted' -%}
            where indicator_id = 'ALL'
        {% endif -%}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
