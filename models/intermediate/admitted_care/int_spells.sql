{#- Which episode of a spell supplies what (Rulebook 3.4): its column, name in the spell. -#}
{% set supplied = {
    'first_episode': [
        'person_id',
        'admission_date',
        'admission_method',
        'patient_classification',
        'intended_management',
        'administrative_category',
        'episode_type',
        'main_specialty',
        'treatment_function',
        'age',
        'sex',
        'deprivation_quintile',
        'submitted_pct_code',
        'practice_code',
        'primary_diagnosis as admission_diagnosis',
        'secondary_diagnoses as admission_secondary_diagnoses',
        'primary_procedure as admission_procedure',
        'further_procedures as admission_further_procedures',
    ],
    'last_episode': [
        'submitted_provider_code',
        'discharge_method',
    ],
    'dominant_episode': [
        'consultant_code',
        'hrg4',
        'hrg35',
        'primary_procedure',
        'primary_procedure_date',
        'further_procedures',
        'primary_diagnosis',
        'secondary_diagnoses',
    ],
} -%}
with

episodes as (
    select * from {{ ref('int_episodes') }}
    where is_valid and duplicate_rule is null
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

admission_methods as (
    select
        admission_method,
        admission_group
    from {{ ref('admission_methods') }}
),

mental_health_specialties as (
    select specialty from {{ ref('mental_health_specialties') }}
),

-- Rulebook 3.3. Regular attenders and episodes without a person are never joined to others.
keyed as (
    select
        *,
        case
            when person_id is null or coalesce(patient_classification in ('3', '4'), false)
                then 'episode|' || submission_id || '|' || line_number
            else
                'spell|' || admission_date || '|' || final_organisation_code || '|' || person_id
                || '|' || coalesce(provider_spell_number, '')
        end as spell_id,
        {{ row_hash(['spell_id']) }} as spell_hash
    from episodes
),

-- Five spells of six are one episode, which is first, last and dominant at once: only the others
-- need sorting. A hash shared by chance brings a single episode in among them, and changes nothing.
shared as (
    select spell_hash from keyed
    group by spell_hash
    having count(*) > 1
),

single_episodes as (
    select keyed.*
    from keyed
    left join shared
        on keyed.spell_hash = shared.spell_hash
    where shared.spell_hash is null
),

ordered as (
    select
        keyed.*,
        row_number() over spell as spell_position,
        count(*) over (partition by keyed.spell_id) as n_episodes
    from keyed
    inner join shared
        on keyed.spell_hash = shared.spell_hash
    window spell as (
        partition by keyed.spell_id
        order by
            keyed.episode_start_date, keyed.episode_order nulls last, keyed.episode_end_date,
            keyed.episode_key nulls last, keyed.submission_id, keyed.line_number
    )
),

-- The longest episode stands for the spell's casemix; of equally long ones the earliest.
ranked as (
    select
        *,
        row_number() over (
            partition by spell_id
            order by
                {{ days_between('episode_start_date', 'episode_end_date') }} desc,
                spell_position asc
        ) = 1 as is_dominant
    from ordered
),

stays as (
    select
        spell_id,
        max(n_episodes) as n_episodes,
        max(discharge_date) as discharge_date
    from ranked
    group by spell_id
),

assembled as (
    select
        stays.spell_id,
        stays.n_episodes,
        {% for episode, columns in supplied.items() -%}
            {% for column in columns -%}
                {{ episode }}.{{ column }},
            {% endfor -%}
        {% endfor -%}
        stays.discharge_date
    from stays
    inner join ranked as first_episode
        on stays.spell_id = first_episode.spell_id and first_episode.spell_position = 1
    inner join ranked as last_episode
        on stays.spell_id = last_episode.spell_id and stays.n_episodes = last_episode.spell_position
    inner join ranked as dominant_episode
        on stays.spell_id = dominant_episode.spell_id and dominant_episode.is_dominant
    union all
    select
        single_episodes.spell_id,
        1 as n_episodes,
        {% for columns in supplied.values() -%}
            {% for column in columns -%}
                single_episodes.{{ column }},
            {% endfor -%}
        {% endfor -%}
        single_episodes.discharge_date
    from single_episodes
),

described as (
    select
        assembled.*,
        admission_methods.admission_group,
        {{ days_between('assembled.admission_date', 'assembled.discharge_date') }} as los_days,
        {{ nhs_quarter('assembled.discharge_date') }} as discharge_quarter,
        {{ nhs_quarter('assembled.admission_date') }} as admission_quarter,
        case
            when assembled.hrg4 is not null then '4'
            when assembled.hrg35 is not null then '3.5'
        end as hrg_version,
        coalesce(assembled.hrg4, assembled.hrg35) as hrg_code,
        coalesce(
            assembled.main_specialty in (
                select mental_health_specialties.specialty from mental_health_specialties
            ),
            false
        )
        or coalesce(
            assembled.treatment_function in (
                select mental_health_specialties.specialty from mental_health_specialties
            ),
            false
        ) as is_mental_health
    from assembled
    left join admission_methods
        on assembled.admission_method = admission_methods.admission_method
),

final as (
    select
        described.spell_id,
        described.n_episodes,
        described.person_id,
        described.submitted_provider_code,
        organisation_map.organisation_code,
        described.submitted_pct_code,
        described.practice_code,
        described.admission_date,
        described.admission_quarter,
        described.discharge_date,
        described.discharge_quarter,
        described.los_days,
        described.admission_group,
        described.patient_classification,
        described.intended_management,
        described.discharge_method,
        described.treatment_function,
        described.consultant_code,
        described.age,
        described.sex,
        described.deprivation_quintile,
        described.admission_diagnosis,
        described.admission_secondary_diagnoses,
        described.admission_procedure,
        described.admission_further_procedures,
        described.hrg_version,
        described.hrg_code,
        -- Without a usable HRG: none, or one of the invalid group U.
        coalesce(described.hrg_code like 'U%', true) as is_uncoded,
        described.primary_procedure,
        described.primary_procedure_date,
        described.further_procedures,
        described.primary_diagnosis,
        described.secondary_diagnoses,
        -- Rulebook 3.4 and 3.5: closed, and of a kind that clinical indicators look at.
        described.admission_group is not null
        and coalesce(described.administrative_category, '') <> '02'
        and not described.is_mental_health
        and coalesce(described.episode_type, '1') = '1'
        and coalesce(described.los_days <= {{ parameter('max_los_days') }}, false) as is_counted,
        -- Rulebook 3.7: a day case that stayed, or not planned, is an ordinary stay (A10).
        coalesce(
            described.patient_classification = '1'
            or (
                described.patient_classification = '2'
                and (
                    described.los_days > 0
                    or coalesce(described.admission_group, '') <> 'elective'
                )
            ),
            false
        ) as is_ordinary
    from described
    left join organisation_map
        on
            described.submitted_provider_code = organisation_map.code
            and described.discharge_quarter = organisation_map.quarter
)

select * from final
