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

-- Interfaces 5.3.3. Regular attenders and episodes without a person are never joined to others.
keyed as (
    select
        *,
        case
            when person_id is null or coalesce(patient_classification in ('3', '4'), false)
                then 'episode|' || submission_id || '|' || line_number
            else
                'spell|' || admission_date || '|' || final_organisation_code || '|' || person_id
                || '|' || coalesce(provider_spell_number, '')
        end as spell_id
    from episodes
),

ordered as (
    select
        *,
        row_number() over spell as spell_position,
        count(*) over (partition by spell_id) as n_episodes
    from keyed
    window spell as (
        partition by spell_id
        order by
            episode_start_date, episode_order nulls last, episode_end_date, episode_key nulls last,
            submission_id, line_number
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

-- Interfaces 5.3.4: which episode supplies what.
assembled as (
    select
        stays.spell_id,
        stays.n_episodes,
        stays.discharge_date,
        {{ days_between('first_episode.admission_date', 'stays.discharge_date') }} as los_days,
        first_episode.person_id,
        first_episode.admission_date,
        first_episode.admission_method,
        first_episode.patient_classification,
        first_episode.intended_management,
        first_episode.administrative_category,
        first_episode.episode_type,
        first_episode.main_specialty,
        first_episode.treatment_function,
        first_episode.age,
        first_episode.sex,
        first_episode.deprivation_quintile,
        first_episode.pct_code,
        first_episode.practice_code,
        first_episode.primary_diagnosis as admission_diagnosis,
        first_episode.secondary_diagnoses as admission_secondary_diagnoses,
        first_episode.primary_procedure as admission_procedure,
        first_episode.further_procedures as admission_further_procedures,
        last_episode.provider_code,
        last_episode.discharge_method,
        dominant_episode.consultant_code,
        dominant_episode.hrg4,
        dominant_episode.hrg35,
        dominant_episode.primary_procedure,
        dominant_episode.primary_procedure_date,
        dominant_episode.further_procedures,
        dominant_episode.primary_diagnosis,
        dominant_episode.secondary_diagnoses
    from stays
    inner join ranked as first_episode
        on stays.spell_id = first_episode.spell_id and first_episode.spell_position = 1
    inner join ranked as last_episode
        on stays.spell_id = last_episode.spell_id and stays.n_episodes = last_episode.spell_position
    inner join ranked as dominant_episode
        on stays.spell_id = dominant_episode.spell_id and dominant_episode.is_dominant
),

grouped as (
    select
        assembled.*,
        admission_methods.admission_group,
        {{ nhs_quarter('assembled.discharge_date') }} as discharge_quarter,
        {{ nhs_quarter('assembled.admission_date') }} as admission_quarter,
        {{ is_mental_health_specialty('assembled.main_specialty') }}
        or {{ is_mental_health_specialty('assembled.treatment_function') }} as is_mental_health
    from assembled
    left join admission_methods
        on assembled.admission_method = admission_methods.admission_method
),

final as (
    select
        grouped.*,
        organisation_map.organisation_code,
        -- Interfaces 5.3.5.
        grouped.admission_group is not null
        and coalesce(grouped.administrative_category, '') <> '02'
        and not grouped.is_mental_health
        and coalesce(grouped.episode_type, '1') = '1'
        and coalesce(grouped.los_days <= {{ parameter('max_los_days') }}, true) as is_clinical,
        -- Interfaces 5.3.7: a day case that stayed, or not planned, is an ordinary stay (A10).
        coalesce(
            grouped.patient_classification = '1'
            or (
                grouped.patient_classification = '2'
                and (grouped.los_days > 0 or coalesce(grouped.admission_group, '') <> 'elective')
            ),
            false
        ) as is_ordinary
    from grouped
    left join organisation_map
        on
            grouped.provider_code = organisation_map.code
            and grouped.discharge_quarter = organisation_map.quarter
)

select * from final
