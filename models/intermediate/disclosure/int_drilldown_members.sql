with

bed_days as (
    select
        indicator_id,
        organisation_code,
        quarter,
        hrg_code as hrg,
        {{ hrg_chapter('hrg_code') }} as hrg_chapter,
        treatment_function as specialty,
        pct_code as pct,
        n_spells as n_cases,
        bed_days as observed,
        expected_bed_days as expected
    from {{ ref('int_bed_day_parts') }}
),

-- Rulebook 5.3 and 5.20: the cell of an operation is its procedure, that of a readmission begins
-- with the HRG chapter.
spell_expectations as (
    select
        organisation_code,
        quarter,
        case short_name when 'day_case_rate' then 'BCBV03' else 'BCBV20' end as indicator_id,
        case short_name when 'day_case_rate' then 'procedure' else 'hrg_chapter' end as dimension,
        case
            when short_name = 'day_case_rate' then standard_cell
            else split_part(standard_cell, '|', 1)
        end as member,
        count(*) as n_cases,
        sum(observed) as observed,
        sum(expected) as expected
    from {{ ref('int_spell_expectations') }}
    where short_name in ('day_case_rate', 'emergency_readmission') and expected is not null
    group by all
),

standardised_cases as (
    select
        organisation_code,
        quarter,
        case short_name
            when 'surgical_thresholds' then 'BCBV04'
            when 'emergency_admissions' then 'BCBV05'
            else 'BCBV06'
        end as indicator_id,
        case short_name
            when 'surgical_thresholds' then 'procedure'
            when 'emergency_admissions' then 'condition'
            else 'specialty'
        end as dimension,
        case_group as member,
        observed,
        expected
    from {{ ref('int_standardised_cases') }}
),

case_shares as (
    select
        indicator_id,
        organisation_code,
        quarter,
        provider_code,
        practice_code,
        n_cases
    from {{ ref('int_case_shares') }}
),

{{ follow_up_parts() }},

appointments as (
    select
        organisation_code,
        quarter,
        treatment_function,
        sum(n_appointments) as n_cases,
        coalesce(sum(n_appointments) filter (where {{ is_missed('outcome') }}), 0) as observed
    from {{ ref('int_outpatient_activity') }}
    where outcome in ({{ outcomes_of_appointments() }})
    group by organisation_code, quarter, treatment_function
),

prescribing as (
    select
        indicator_id,
        organisation_code,
        quarter,
        coalesce(practice_code, 'unknown') as practice_code,
        denominator as n_cases,
        numerator as observed
    from {{ ref('int_drug_shares') }}
    where denominator > 0
),

parts as (
    {% for dimension in ['hrg_chapter', 'hrg', 'specialty', 'pct'] -%}
        select
            indicator_id,
            organisation_code,
            quarter,
            '{{ dimension }}' as dimension,
            {{ dimension }} as member,
            n_cases,
            observed,
            expected
        from bed_days
        union all
    {% endfor -%}
    select
        indicator_id,
        organisation_code,
        quarter,
        dimension,
        member,
        n_cases,
        observed,
        expected
    from spell_expectations
    union all
    select
        indicator_id,
        organisation_code,
        quarter,
        dimension,
        member,
        observed as n_cases,
        observed,
        expected
    from standardised_cases
    {% for dimension in ['provider', 'practice'] -%}
        union all
        select
            indicator_id,
            organisation_code,
            quarter,
            '{{ dimension }}' as dimension,
            {{ dimension }}_code as member,
            n_cases,
            n_cases as observed,
            cast(null as double) as expected
        from case_shares
    {% endfor -%}
    union all
    select
        'BCBV15' as indicator_id,
        organisation_code,
        quarter,
        'specialty' as dimension,
        treatment_function as member,
        n_firsts as n_cases,
        n_follow_ups as observed,
        expected
    from follow_up_parts
    union all
    select
        'BCBV16' as indicator_id,
        organisation_code,
        quarter,
        'specialty' as dimension,
        treatment_function as member,
        n_cases,
        observed,
        cast(null as double) as expected
    from appointments
    union all
    select
        indicator_id,
        organisation_code,
        quarter,
        'practice' as dimension,
        practice_code as member,
        n_cases,
        observed,
        cast(null as double) as expected
    from prescribing
),

members as (
    select
        indicator_id,
        organisation_code,
        quarter,
        dimension,
        member,
        sum(n_cases) as n_cases,
        sum(observed) as observed,
        sum(expected) as expected
    from parts
    group by indicator_id, organisation_code, quarter, dimension, member
),

{{ compared_parts('members') }},

final as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        results.dimension,
        results.member,
        cast(results.n_cases as bigint) as n_cases,
        cast(results.observed as double) as observed,
        results.expected,
        results.part_excess_units as excess_units,
        {{ shared_opportunity('results.part_excess_units') }} as opportunity_annual_gbp
    from compared_parts as results
)

select * from final
