{% set amounts = [
    'opportunity_quarter_gbp',
    'opportunity_annual_gbp',
    'opportunity_annual_at_median_gbp',
    'opportunity_annual_at_best_decile_gbp',
    'releasable_annual_gbp',
    'opportunity_annual_unflagged_gbp',
    'opportunity_annual_activity_adjusted_gbp',
] -%}
{% set last_amounts = amounts[-2:] -%}
with

shown_results as (
    select * from {{ ref('int_shown_results') }}
),

has_pounds as (
    select
        indicator_id,
        organisation_code,
        quarter
    from {{ ref('int_indicators_benchmarked') }}
    where opportunity_quarter_gbp is not null
),

hidden_rows as (
    select
        indicator_id,
        organisation_code,
        quarter
    from {{ ref('int_hidden_rows') }}
),

-- Rulebook 9.14: at the activity of another quarter, which that quarter's row must show.
adjusted as (
    select adjusted.*
    from {{ ref('int_activity_adjusted_opportunities') }} as adjusted
    left join hidden_rows
        on
            adjusted.indicator_id = hidden_rows.indicator_id
            and adjusted.organisation_code = hidden_rows.organisation_code
            and adjusted.activity_quarter = hidden_rows.quarter
    where hidden_rows.indicator_id is null
),

parameters as (
    select {{ parameter('annualisation_factor') }} as annualisation_factor
),

-- Rulebook 10.3: each amount of a shown row is rounded for itself, so that what is published adds
-- up; a year is not four times its quarter.
results as (
    select
        shown_results.indicator_id,
        shown_results.organisation_code,
        shown_results.organisation_class,
        shown_results.sha_code,
        shown_results.quarter,
        {% for amount in amounts if amount not in last_amounts -%}
            {{ rounded_pounds('shown_results.' ~ amount) }} as {{ amount }},
        {% endfor -%}
        case
            when shown_results.publication_status = 'published'
                then {{ rounded_pounds('shown_results.opportunity_annual_gbp') }}
        end as opportunity_annual_unflagged_gbp,
        case
            when shown_results.disclosure_status = 'shown'
                then {{ rounded_pounds(
                    'parameters.annualisation_factor'
                    ~ ' * adjusted.opportunity_quarter_activity_adjusted_gbp'
                ) }}
        end as opportunity_annual_activity_adjusted_gbp,
        shown_results.opportunity_quarter_gbp is not null as has_pounds,
        shown_results.opportunity_quarter_gbp is not null
        and shown_results.publication_status in ('withheld', 'caveat') as is_flagged,
        shown_results.disclosure_status = 'suppressed'
        and has_pounds.indicator_id is not null as is_hidden
    from shown_results
    cross join parameters
    left join has_pounds
        on
            shown_results.indicator_id = has_pounds.indicator_id
            and shown_results.organisation_code = has_pounds.organisation_code
            and shown_results.quarter = has_pounds.quarter
    left join adjusted
        on
            shown_results.indicator_id = adjusted.indicator_id
            and shown_results.organisation_code = adjusted.organisation_code
            and shown_results.quarter = adjusted.quarter
),

{{ opportunity_sums(amounts, has_hidden=true) }},

final as (
    select
        summed.indicator_id,
        summed.area_level,
        summed.area_code,
        summed.quarter,
        {% for amount in amounts if amount not in last_amounts -%}
            summed.{{ amount }},
        {% endfor -%}
        summed.n_organisations,
        summed.n_flagged,
        {% for amount in last_amounts -%}
            summed.{{ amount }},
        {% endfor -%}
        case when hidden_rows.indicator_id is null then 'shown' else 'suppressed' end
            as disclosure_status,
        summed.n_suppressed
    from summed
    left join hidden_rows
        on
            summed.area_level = 'organisation'
            and summed.indicator_id = hidden_rows.indicator_id
            and summed.area_code = hidden_rows.organisation_code
            and summed.quarter = hidden_rows.quarter
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
