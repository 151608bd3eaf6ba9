with

spells as (
    select * from {{ ref('int_day_case_basket_spells') }}
    where organisation_code is not null
),

-- Planned as a day case and kept overnight or longer: CLASSPAT says what happened, INTMANIG what
-- was planned (methodology 3.4).
final as (
    select
        organisation_code,
        quarter,
        count(*) filter (where is_planned_day_case) as n_planned_day_cases,
        count(*) filter (where is_planned_day_case and not is_day_case) as n_failed_day_cases,
        count(*) filter (where not is_day_case and los_days = 0) as n_inpatients_without_a_night
    from spells
    group by organisation_code, quarter
)

select * from final
