{{ config(materialized='view') }}

with

spells as (
    select
        spell_id,
        organisation_code,
        discharge_quarter,
        deprivation_quintile,
        admission_group,
        hrg_version,
        hrg_code,
        is_uncoded,
        los_days,
        {{ casemix_age_band('age') }} as age_band,
        case
            when {{ matches('admission_diagnosis', "'^[A-Z]'") }} then left(admission_diagnosis, 1)
            else 'none'
        end as diagnosis_letter
    from {{ ref('int_spells') }}
    where is_counted and is_ordinary
),

hrgs as (
    select
        version,
        hrg_code,
        trim_elective,
        trim_nonelective
    from {{ ref('hrgs') }}
),

-- Rulebook 5.1: stays are capped at the trim point of their HRG. A spell without a usable
-- HRG keeps its place in a cell of its diagnosis chapter, since leaving it out would make late
-- coders look efficient; it has no trim point, and its cell no wider one.
final as (
    select
        'length_of_stay' as short_name,
        spells.spell_id,
        spells.organisation_code,
        spells.discharge_quarter as quarter,
        spells.deprivation_quintile,
        case
            when spells.is_uncoded
                then
                    'diagnosis|' || spells.diagnosis_letter || '|' || spells.admission_group
                    || '|' || spells.age_band
            else spells.hrg_version || '|' || spells.hrg_code || '|' || spells.admission_group
        end as casemix_cell,
        case
            when not spells.is_uncoded
                then
                    spells.hrg_version || '|' || left(spells.hrg_code, 1)
                    || '|' || spells.admission_group
        end as wider_casemix_cell,
        cast(
            least(
                spells.los_days,
                case
                    when spells.is_uncoded then null
                    when spells.admission_group = 'elective' then hrgs.trim_elective
                    else hrgs.trim_nonelective
                end
            ) as double
        ) as observed
    from spells
    left join hrgs
        on spells.hrg_version = hrgs.version and spells.hrg_code = hrgs.hrg_code
)

select * from final
