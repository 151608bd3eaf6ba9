with

spells as (
    select * from {{ ref('int_spells') }}
    where is_ordinary and is_clinical and discharge_date is not null
),

hrgs as (
    select
        version,
        hrg_code,
        trim_elective,
        trim_nonelective
    from {{ ref('hrgs') }}
),

coded as (
    select
        spell_id,
        organisation_code,
        discharge_quarter as quarter,
        admission_group,
        treatment_function,
        consultant_code,
        pct_code,
        los_days,
        case when hrg4 is not null then '4' when hrg35 is not null then '3.5' end as hrg_version,
        coalesce(hrg4, hrg35) as hrg_code,
        {{ casemix_age_band('age') }} as age_band,
        case
            when {{ matches('admission_diagnosis', "'^[A-Z]'") }} then left(admission_diagnosis, 1)
            else 'none'
        end as diagnosis_letter
    from spells
),

-- Interfaces 5.5, BCBV01: a spell without a usable HRG keeps its place in a cell of its diagnosis
-- chapter, since leaving it out would make late coders look efficient.
celled as (
    select
        *,
        coalesce(hrg_code like 'U%', true) as is_uncoded,
        case
            when coalesce(hrg_code like 'U%', true)
                then 'diagnosis|' || diagnosis_letter || '|' || admission_group || '|' || age_band
            else hrg_version || '|' || hrg_code || '|' || admission_group
        end as casemix_cell,
        case
            when not coalesce(hrg_code like 'U%', true)
                then hrg_version || '|' || left(hrg_code, 1) || '|' || admission_group
        end as collapsed_casemix_cell
    from coded
),

final as (
    select
        celled.spell_id,
        celled.organisation_code,
        celled.quarter,
        celled.admission_group,
        celled.treatment_function,
        celled.consultant_code,
        celled.pct_code,
        celled.hrg_version,
        celled.hrg_code,
        celled.is_uncoded,
        celled.casemix_cell,
        celled.collapsed_casemix_cell,
        celled.los_days,
        least(
            celled.los_days,
            case
                when celled.is_uncoded then null
                when celled.admission_group = 'elective' then hrgs.trim_elective
                else hrgs.trim_nonelective
            end
        ) as capped_los_days
    from celled
    left join hrgs
        on celled.hrg_version = hrgs.version and celled.hrg_code = hrgs.hrg_code
)

select * from final
