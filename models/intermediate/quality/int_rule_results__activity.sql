with

ordinary_spells as (
    select
        organisation_code,
        discharge_quarter as quarter,
        is_uncoded
    from {{ ref('int_spells') }}
    where is_counted and is_ordinary
),

-- An operation dated outside the stay leaves nothing to be observed of the wait for it.
operation_spells as (
    select
        organisation_code,
        quarter,
        observed is not null as has_valid_operation_date
    from {{ ref('int_standardised_spells__pre_op_bed_days') }}
),

unknown_diagnoses as (
    select
        first_category,
        last_category
    from {{ ref('diagnosis_groups') }}
    where group_id = 'not_known'
),

episodes as (
    select
        episodes.submitted_provider_code,
        episodes.submitted_pct_code,
        episodes.episode_quarter as quarter,
        {{ is_without_diagnosis() }} as is_without_diagnosis
    from {{ ref('int_episodes') }} as episodes
    cross join unknown_diagnoses
    where episodes.is_valid and episodes.duplicate_rule is null
),

episodes_of_organisations as (
    {{ trusts_and_pcts('episodes', ['is_without_diagnosis']) }}
),

-- A PCT that runs a hospital is judged by its own patients, wherever they were treated.
trusts as (
    select organisation_code from {{ ref('int_organisations') }}
    where organisation_class = 'trust'
),

counted as (
    select
        'A11' as rule_id,
        ordinary_spells.organisation_code,
        ordinary_spells.quarter,
        count(*) as n_checked,
        count(*) filter (where ordinary_spells.is_uncoded) as n_failed
    from ordinary_spells
    inner join trusts
        on ordinary_spells.organisation_code = trusts.organisation_code
    group by ordinary_spells.organisation_code, ordinary_spells.quarter
    union all
    select
        'A12' as rule_id,
        organisation_code,
        quarter,
        count(*) as n_checked,
        count(*) filter (where is_without_diagnosis) as n_failed
    from episodes_of_organisations
    group by organisation_code, quarter
    union all
    select
        'A13' as rule_id,
        operation_spells.organisation_code,
        operation_spells.quarter,
        count(*) as n_checked,
        count(*) filter (where not operation_spells.has_valid_operation_date) as n_failed
    from operation_spells
    inner join trusts
        on operation_spells.organisation_code = trusts.organisation_code
    group by operation_spells.organisation_code, operation_spells.quarter
),

{{ rated_rules('counted', 'hes_apc') }}

select * from final
