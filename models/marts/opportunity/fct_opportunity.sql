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

{{ opportunity_sums(amounts) }},

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
