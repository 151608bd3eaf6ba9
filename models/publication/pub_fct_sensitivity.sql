with

scenarios as (
    select * from {{ ref('int_opportunity_scenarios') }}
),

hidden_rows as (
    select
        indicator_id,
        organisation_code,
        quarter
    from {{ ref('int_hidden_rows') }}
),

indicators as (
    select
        indicator_id,
        counted_within
    from {{ ref('indicators') }}
),

-- Rulebook 10.3: each organisation is rounded first; what is hidden is in no scenario, nor does it
-- take anything off another.
rounded as (
    select
        scenarios.indicator_id,
        scenarios.organisation_code,
        scenarios.quarter,
        scenarios.has_limits,
        scenarios.is_in_total,
        hidden_rows.indicator_id is not null and scenarios.as_published_gbp is not null
            as is_hidden,
        {% for scenario in scenarios() if scenario != 'netted' -%}
            case
                when hidden_rows.indicator_id is null
                    then {{ rounded_pounds('scenarios.' ~ scenario ~ '_gbp') }}
            end as {{ scenario }}_gbp,
        {% endfor -%}
        case
            when hidden_wholes.indicator_id is null
                then {{ rounded_pounds('scenarios.whole_gbp') }}
        end as whole_gbp
    from scenarios
    inner join indicators
        on scenarios.indicator_id = indicators.indicator_id
    left join hidden_rows
        on
            scenarios.indicator_id = hidden_rows.indicator_id
            and scenarios.organisation_code = hidden_rows.organisation_code
            and scenarios.quarter = hidden_rows.quarter
    left join hidden_rows as hidden_wholes
        on
            indicators.counted_within = hidden_wholes.indicator_id
            and scenarios.organisation_code = hidden_wholes.organisation_code
            and scenarios.quarter = hidden_wholes.quarter
),

organisations as (
    select
        *,
        {{ netted_pounds('as_published_gbp', 'whole_gbp') }} as netted_gbp
    from rounded
),

{{ scenario_sums(has_hidden=true) }},

final as (
    select
        indicator_id,
        quarter,
        scenario,
        opportunity_annual_gbp,
        n_organisations,
        n_suppressed
    from scenario_sums
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
