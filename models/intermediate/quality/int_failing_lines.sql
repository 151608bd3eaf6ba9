{{ config(materialized='view') }}

{#- What makes a row fail, by rule. -#}
{% set of_episodes = dict(
    faults_of_episodes(),
    A12='episodes.is_valid and episodes.duplicate_rule is null and ' ~ is_without_diagnosis(),
    A17='organisation_codes.code is null',
) -%}
{% set of_appointments = dict(
    faults_of_appointments(), A17='organisation_codes.code is null'
) -%}
{% set of_rows = {
    'U01': 'unread_measures is not null',
    'D02': 'is_conflicting',
} -%}
{% set of_sickness_rows = {'W03': 'is_beyond_available', 'R01': 'is_rate_off'} -%}
with

organisation_codes as (
    select code from {{ ref('int_organisation_codes') }}
),

unknown_consultants as (
    select consultant_code from {{ ref('unknown_consultants') }}
),

unknown_diagnoses as (
    select
        first_category,
        last_category
    from {{ ref('diagnosis_groups') }}
    where group_id = 'not_known'
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

trusts as (
    select organisation_code from {{ ref('int_organisations') }}
    where organisation_class = 'trust'
),

-- Rulebook 8.11: lines of care are told to the provider that sent them, not to the PCT.
care as (
    select
        'hes_apc' as feed,
        episodes.submission_id,
        episodes.line_number,
        cast(episodes.episode_key as varchar) as record_key,
        episodes.episode_quarter as quarter,
        episodes.submitted_provider_code,
        {{ failing_rules(of_episodes) }} as rules
    from {{ ref('int_episodes') }} as episodes
    cross join unknown_diagnoses
    left join unknown_consultants
        on upper(episodes.consultant_code) = unknown_consultants.consultant_code
    left join organisation_codes
        on episodes.submitted_pct_code = organisation_codes.code
    union all
    select
        'hes_op' as feed,
        appointments.submission_id,
        appointments.line_number,
        cast(null as varchar) as record_key,
        appointments.quarter,
        appointments.submitted_provider_code,
        {{ failing_rules(of_appointments) }} as rules
    from {{ ref('int_appointments') }} as appointments
    left join organisation_codes
        on appointments.submitted_pct_code = organisation_codes.code
),

care_of_trusts as (
    select
        care.feed,
        care.submission_id,
        care.line_number,
        care.record_key,
        care.quarter,
        organisation_map.organisation_code,
        care.rules
    from care
    inner join organisation_map
        on
            care.submitted_provider_code = organisation_map.code
            and care.quarter = organisation_map.quarter
    inner join trusts
        on organisation_map.organisation_code = trusts.organisation_code
    where care.rules <> ''
),

returns as (
    {% for rows in [
        'int_prescribing_rows', 'int_sickness_rows', 'int_staff_movement_rows', 'int_finance_rows',
        'int_payment_rows', 'int_procurement_rows',
    ] -%}
        {%- set more = of_sickness_rows if rows == 'int_sickness_rows' else {} %}
        {%- set faults = dict(of_rows, **more) %}
        select
            feed,
            submission_id,
            line_number,
            record_key,
            quarter,
            organisation_code,
            {{ failing_rules(faults) }} as rules
        from {{ ref(rows) }}
        where
            organisation_code is not null
            and not is_set_aside
            and coalesce(quarantine_rule not in ('D01', 'T01'), true)
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

lines as (
    select * from care_of_trusts
    union all
    select * from returns
    where rules <> ''
),

final as (
    select
        feed,
        submission_id,
        line_number,
        record_key,
        organisation_code,
        quarter,
        {{ explode_list('rules') }} as rule_id
    from lines
    where quarter is not null
)

select * from final
