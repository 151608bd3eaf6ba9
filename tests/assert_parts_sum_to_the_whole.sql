-- Every drill-down adds up to the organisation's indicator: what was observed and of how many, what
-- was expected, what is above the benchmark, and the pounds. An organisation without a part has
-- nothing to split; what the whole does not know, no part knows.
{% set drilldowns = [
    {
        'model': 'fct_los_drilldown', 'indicator_id': "'BCBV01'", 'indicator_ids': ['BCBV01'],
        'observed': 'bed_days', 'base': 'spells', 'expected': 'expected_bed_days',
        'excess': 'excess_bed_days', 'shares_out': 'distance',
    },
    {
        'model': 'fct_preop_drilldown', 'indicator_id': "'BCBV02'", 'indicator_ids': ['BCBV02'],
        'observed': 'bed_days', 'base': 'spells', 'expected': 'expected_bed_days',
        'excess': 'excess_bed_days', 'shares_out': 'distance',
    },
    {
        'model': 'fct_pct_trust_flows', 'indicator_ids': ['BCBV01', 'BCBV02'],
        'observed': 'observed', 'base': 'n_spells', 'expected': 'expected',
        'excess': 'excess_units', 'shares_out': 'distance',
    },
    {
        'model': 'fct_pct_trust_flows', 'indicator_ids': ['BCBV04', 'BCBV05'],
        'observed': 'observed', 'excess': 'excess_units', 'shares_out': 'excess_units',
    },
    {
        'model': 'fct_indicator_breakdown', 'indicator_ids': ['BCBV04', 'BCBV05', 'BCBV06'],
        'observed': 'observed', 'expected': 'expected',
        'excess': 'excess_units', 'shares_out': 'distance',
    },
    {
        'model': 'fct_practice_cases', 'indicator_ids': ['BCBV04', 'BCBV05', 'BCBV06'],
        'observed': 'n_cases', 'excess': 'excess_units', 'shares_out': 'excess_units',
    },
    {
        'model': 'fct_practice_prescribing', 'indicator_ids': ['BCBV07', 'BCBV17', 'BCBV18'],
        'observed': 'numerator', 'base': 'denominator',
    },
] -%}
{% set keys = ['drilldown', 'indicator_id', 'organisation_code', 'quarter'] -%}
{% set measures = ['observed', 'base', 'expected', 'excess', 'opportunity'] -%}
with

-- Above or below the benchmark; the excess is this wherever it is above.
indicator_values as (
    select
        *,
        numerator - expected * benchmark_value / 100 as distance
    from {{ ref('fct_indicator_values') }}
),

parts as (
    {% for drilldown in drilldowns -%}
        select
            '{{ drilldown.model }}' as drilldown,
            {{ drilldown.indicator_id or 'indicator_id' }} as indicator_id,
            organisation_code,
            quarter,
            {{ drilldown.observed }} as observed,
            {{ drilldown.base or 'null' }} as base,
            {{ drilldown.expected or 'null' }} as expected,
            {{ drilldown.excess or 'null' }} as excess,
            {{ 'opportunity_annual_gbp' if drilldown.excess else 'null' }} as opportunity
        from {{ ref(drilldown.model) }}
        {% if not drilldown.indicator_id -%}
            where
                indicator_id in (
                    {% for indicator_id in drilldown.indicator_ids -%}
                        '{{ indicator_id }}'{{ ',' if not loop.last }}
                    {% endfor -%}
                )
        {%- endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

sums as (
    select
        {{ keys | join(', ') }},
        {% for measure in measures -%}
            sum({{ measure }}) as {{ measure }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from parts
    group by {{ keys | join(', ') }}
),

wholes as (
    {% for drilldown in drilldowns -%}
        select
            '{{ drilldown.model }}' as drilldown,
            indicator_id,
            organisation_code,
            quarter,
            numerator as observed,
            {{ 'denominator' if drilldown.base else 'null' }} as base,
            {{ 'expected' if drilldown.expected else 'null' }} as expected,
            {{ drilldown.shares_out or 'null' }} as excess,
            {{ 'opportunity_annual_gbp' if drilldown.excess else 'null' }} as opportunity
        from indicator_values
        where
            indicator_id in (
                {% for indicator_id in drilldown.indicator_ids -%}
                    '{{ indicator_id }}'{{ ',' if not loop.last }}
                {% endfor -%}
            )
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ sums_beside_wholes(keys, measures) }},

final as (
    select *
    from compared
    where
        {% for measure in measures -%}
            case
                when has_parts
                    then {{ differs('sum_of_' ~ measure, 'whole_' ~ measure) }}
                else coalesce(whole_{{ measure }}, 0) <> 0
            end
            {% if not loop.last %}or {% endif -%}
        {% endfor %}
)

select * from final
