with

spells as (
    select * from {{ ref('int_spells') }}
    where is_counted and primary_procedure is not null
),

procedure_groups as (
    select * from {{ ref('procedure_groups') }}
    where group_id <> 'non_operation'
),

codes as (
    select distinct primary_procedure from spells
),

-- Patterns meet the few thousand distinct codes, not the spells.
candidates as (
    select
        codes.primary_procedure,
        procedure_groups.*
    from codes
    inner join procedure_groups
        on {{ matches('codes.primary_procedure', 'procedure_groups.opcs_regex') }}
),

-- Rulebook 5.21, procedure groups.
matched as (
    select
        spells.spell_id,
        candidates.group_id,
        candidates.procedure_id
    from spells
    inner join candidates
        on spells.primary_procedure = candidates.primary_procedure
    where
        (
            candidates.secondary_opcs_regex is null
            or {{ any_matches('spells.further_procedures', 'candidates.secondary_opcs_regex') }}
        )
        and (
            candidates.diagnosis_include_regex is null
            or coalesce(
                {{ matches('spells.primary_diagnosis', 'candidates.diagnosis_include_regex') }},
                false
            )
            or {{ any_matches('spells.secondary_diagnoses', 'candidates.diagnosis_include_regex') }}
        )
        and (
            candidates.diagnosis_exclude_regex is null
            or not (
                coalesce(
                    {{ matches('spells.primary_diagnosis', 'candidates.diagnosis_exclude_regex') }},
                    false
                )
                or {{ any_matches(
                    'spells.secondary_diagnoses', 'candidates.diagnosis_exclude_regex'
                ) }}
            )
        )
        and (candidates.min_age is null or coalesce(spells.age >= candidates.min_age, false))
        and (candidates.max_age is null or coalesce(spells.age <= candidates.max_age, false))
),

final as (
    select
        spell_id,
        group_id,
        procedure_id
    from matched
    qualify row_number() over (partition by spell_id, group_id order by procedure_id) = 1
)

select * from final
