with

parts as (
    select * from {{ ref('int_bed_day_parts') }}
    where indicator_id = 'BCBV01'
),

-- Over all PCTs, for the trust that looks at its own wards.
final as (
    select
        organisation_code,
        quarter,
        hrg_code,
        admission_group,
        treatment_function,
        treatment_function as specialty,
        consultant,
        cast(sum(n_spells) as bigint) as spells,
        sum(bed_days) as bed_days,
        sum(expected_bed_days) as expected_bed_days,
        sum(excess_bed_days) as excess_bed_days,
        sum(opportunity_annual_gbp) as opportunity_annual_gbp
    from parts
    group by
        organisation_code, quarter, hrg_code, admission_group, treatment_function, consultant
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
