{% set indicators = [
    'length_of_stay', 'pre_op_bed_days', 'day_case_rate', 'emergency_readmission'
] -%}
with

results as (
    select * from {{ ref('int_indicators_benchmarked') }}
    where
        short_name in (
            {% for short_name in indicators -%}
                '{{ short_name }}'{{ ',' if not loop.last }}
            {% endfor -%}
        )
),

basket_spells as (
    select
        organisation_code,
        quarter,
        is_day_case,
        is_planned_day_case,
        los_days
    from {{ ref('int_day_case_basket_spells') }}
    where organisation_code is not null
),

-- Planned as a day case and kept overnight or longer: CLASSPAT says what happened, INTMANIG what
-- was planned (Rulebook 3.9).
failed_day_cases as (
    select
        organisation_code,
        quarter,
        count(*) filter (where is_planned_day_case) as n_planned_day_cases,
        count(*) filter (where is_planned_day_case and not is_day_case) as n_failed_day_cases,
        count(*) filter (where not is_day_case and los_days = 0) as n_inpatients_without_a_night
    from basket_spells
    group by organisation_code, quarter
),

side_by_side as (
    select
        organisation_code,
        quarter,
        {% for short_name in indicators -%}
            {% for measure in ['value', 'national_rank', 'publication_status'] -%}
                max(case when short_name = '{{ short_name }}' then {{ measure }} end)
                    as {{ short_name }}_{{ measure | replace('national_', '')
                        | replace('publication_', '') }},
            {% endfor -%}
        {% endfor -%}
        max(case when short_name = 'emergency_readmission' then crude_value end)
            as emergency_readmission_rate,
        bool_or(short_name = 'day_case_rate' and is_submitted) as is_submitted
    from results
    group by organisation_code, quarter
),

final as (
    select
        side_by_side.organisation_code,
        side_by_side.quarter,
        {% for short_name in indicators -%}
            {% for measure in ['value', 'rank', 'status'] -%}
                side_by_side.{{ short_name }}_{{ measure }},
            {% endfor -%}
        {% endfor -%}
        side_by_side.emergency_readmission_rate,
        case
            when side_by_side.is_submitted then coalesce(failed_day_cases.n_planned_day_cases, 0)
        end as n_planned_day_cases,
        case
            when side_by_side.is_submitted then coalesce(failed_day_cases.n_failed_day_cases, 0)
        end as n_failed_day_cases,
        failed_day_cases.n_failed_day_cases
        / nullif(failed_day_cases.n_planned_day_cases, 0) as failed_day_case_rate,
        case
            when side_by_side.is_submitted
                then coalesce(failed_day_cases.n_inpatients_without_a_night, 0)
        end as n_inpatients_without_a_night
    from side_by_side
    left join failed_day_cases
        on
            side_by_side.organisation_code = failed_day_cases.organisation_code
            and side_by_side.quarter = failed_day_cases.quarter
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
