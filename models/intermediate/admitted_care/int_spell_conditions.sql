with

spells as (
    select
        spell_id,
        admission_diagnosis,
        admission_secondary_diagnoses,
        admission_procedure,
        admission_further_procedures
    from {{ ref('int_spells') }}
    where is_counted and admission_group = 'emergency'
),

conditions as (
    select * from {{ ref('acsc_conditions') }}
),

coded as (
    select
        spell_id,
        admission_diagnosis as diagnosis,
        true as is_primary
    from spells
    where admission_diagnosis is not null
    union all
    select
        spell_id,
        {{ explode_array('admission_secondary_diagnoses') }} as diagnosis,
        false as is_primary
    from spells
),

codes as (
    select distinct diagnosis from coded
),

-- Patterns meet the few thousand distinct codes, not the spells.
conditions_of_codes as (
    select
        codes.diagnosis,
        conditions.condition_id,
        conditions.position
    from codes
    inner join conditions
        on {{ matches('codes.diagnosis', 'conditions.include_regex') }}
),

candidates as (
    select distinct
        coded.spell_id,
        conditions_of_codes.condition_id
    from coded
    inner join conditions_of_codes
        on
            coded.diagnosis = conditions_of_codes.diagnosis
            and (coded.is_primary or conditions_of_codes.position = 'any')
),

-- Rulebook 5.22: what exclude_rule says is looked for in the episode of admission.
judged as (
    select
        candidates.spell_id,
        conditions.condition_id,
        conditions.list_order,
        case
            when conditions.exclude_rule in ('secondary_diagnosis', 'requires_secondary_diagnosis')
                then {{ any_matches(
                    'spells.admission_secondary_diagnoses', 'conditions.exclude_regex'
                ) }}
            when conditions.exclude_rule in ('primary_procedure', 'any_procedure')
                then
                    coalesce(
                        {{ matches('spells.admission_procedure', 'conditions.exclude_regex') }},
                        false
                    )
                    or (
                        conditions.exclude_rule = 'any_procedure'
                        and {{ any_matches(
                            'spells.admission_further_procedures', 'conditions.exclude_regex'
                        ) }}
                    )
            else false
        end as is_found,
        coalesce(conditions.exclude_rule = 'requires_secondary_diagnosis', false) as is_required
    from candidates
    inner join conditions
        on candidates.condition_id = conditions.condition_id
    inner join spells
        on candidates.spell_id = spells.spell_id
),

final as (
    select
        spell_id,
        condition_id
    from judged
    where is_found = is_required
    qualify row_number() over (partition by spell_id order by list_order) = 1
)

select * from final
