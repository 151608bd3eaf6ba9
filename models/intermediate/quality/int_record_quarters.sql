with

episodes as (
    select
        submitted_provider_code,
        submitted_pct_code,
        episode_quarter as quarter,
        duplicate_rule
    from {{ ref('int_episodes') }}
    where is_valid
),

spells as (
    select
        submitted_provider_code,
        submitted_pct_code,
        discharge_quarter as quarter
    from {{ ref('int_spells') }}
    where discharge_date is not null
),

appointments as (
    select
        submitted_provider_code,
        submitted_pct_code,
        quarter,
        is_duplicate,
        not is_duplicate
        and coalesce(outcome = 'attended' and attendance = 'first', false) as is_attended_first
    from {{ ref('int_appointments') }}
),

episodes_of_organisations as (
    {{ trusts_and_pcts('episodes', ['duplicate_rule']) }}
),

spells_of_organisations as (
    {{ trusts_and_pcts('spells', []) }}
),

appointments_of_organisations as (
    {{ trusts_and_pcts('appointments', ['is_duplicate', 'is_attended_first']) }}
),

-- Rulebook 6.3: what is counted as a record, and what duplicates are a share of.
counted as (
    select
        'hes_apc' as feed,
        organisation_code,
        organisation_class,
        quarter,
        0 as n_records,
        count(*) as n_before_duplicates,
        count(duplicate_rule) as n_duplicates
    from episodes_of_organisations
    group by organisation_code, organisation_class, quarter
    union all
    select
        'hes_apc' as feed,
        organisation_code,
        organisation_class,
        quarter,
        count(*) as n_records,
        0 as n_before_duplicates,
        0 as n_duplicates
    from spells_of_organisations
    group by organisation_code, organisation_class, quarter
    union all
    select
        'hes_op' as feed,
        organisation_code,
        organisation_class,
        quarter,
        count(*) filter (where is_attended_first) as n_records,
        count(*) as n_before_duplicates,
        count(*) filter (where is_duplicate) as n_duplicates
    from appointments_of_organisations
    group by organisation_code, organisation_class, quarter
),

final as (
    select
        feed,
        organisation_code,
        organisation_class,
        quarter,
        sum(n_records) as n_records,
        sum(n_before_duplicates) as n_before_duplicates,
        sum(n_duplicates) as n_duplicates
    from counted
    group by feed, organisation_code, organisation_class, quarter
)

select * from final
