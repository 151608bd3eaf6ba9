{#- Rule, rows that it looks at, column that the file must have. -#}
{% set rules = [
    ('A01', 'n_valid', none),
    ('A03', 'n_valid', none),
    ('A04', 'n_rows', none),
    ('A05', 'n_dated', none),
    ('A07', 'n_rows', none),
    ('A08', 'n_rows', none),
    ('A14', 'n_rows', 'has_consult'),
    ('A15', 'n_rows', 'has_tretspef'),
    ('A16', 'n_rows', none),
    ('A17', 'n_rows', 'has_pct'),
] -%}
{% set fields = ['n_rows', 'n_valid', 'n_dated'] -%}
{% for rule_id, checked, column in rules -%}
    {% do fields.append('n_' ~ rule_id | lower) -%}
{% endfor -%}
with

episodes as (
    select
        submission_id,
        submitted_provider_code,
        submitted_pct_code,
        episode_quarter as quarter,
        admission_date,
        is_admission_date_imputed,
        has_dummy_date,
        discharge_date,
        episode_start_date,
        episode_end_date,
        episode_status,
        treatment_function,
        consultant_code,
        age,
        sex,
        is_valid,
        duplicate_rule
    from {{ ref('int_episodes') }}
),

unknown_consultants as (
    select consultant_code from {{ ref('unknown_consultants') }}
),

organisation_codes as (
    select code from {{ ref('int_organisation_codes') }}
),

{{ submission_columns(['consult', 'tretspef', 'pctcode_his', 'respct_his']) }},

-- Rows are counted once; whose they are, and what their file has, is looked up for the counts.
counts as (
    select
        episodes.submission_id,
        episodes.submitted_provider_code,
        episodes.submitted_pct_code,
        episodes.quarter,
        count(*) as n_rows,
        count(*) filter (where episodes.is_valid) as n_valid,
        count(*) filter (where {{ is_dated_episode() }}) as n_dated,
        count(*) filter (where episodes.duplicate_rule = 'A01') as n_a01,
        count(*) filter (where episodes.duplicate_rule = 'A03') as n_a03,
        {{ counts_of_faults(faults_of_episodes()) }}
    from episodes
    left join unknown_consultants
        on upper(episodes.consultant_code) = unknown_consultants.consultant_code
    group by
        episodes.submission_id, episodes.submitted_provider_code, episodes.submitted_pct_code,
        episodes.quarter
),

described as (
    select
        counts.*,
        case when organisation_codes.code is null then counts.n_rows else 0 end as n_a17,
        coalesce(submission_columns.has_consult, false) as has_consult,
        coalesce(submission_columns.has_tretspef, false) as has_tretspef,
        coalesce(
            submission_columns.has_pctcode_his or submission_columns.has_respct_his, false
        ) as has_pct
    from counts
    left join organisation_codes
        on counts.submitted_pct_code = organisation_codes.code
    left join submission_columns
        on counts.submission_id = submission_columns.submission_id
),

counts_of_organisations as (
    {{ trusts_and_pcts('described', fields + ['has_consult', 'has_tretspef', 'has_pct']) }}
),

totals as (
    select
        organisation_code,
        organisation_class,
        quarter,
        {% for field in fields -%}
            sum({{ field }}) as {{ field }},
        {% endfor -%}
        bool_or(has_consult) as has_consult,
        bool_or(has_tretspef) as has_tretspef,
        bool_or(has_pct) as has_pct
    from counts_of_organisations
    group by organisation_code, organisation_class, quarter
),

-- PCTs are judged by age and sex alone, which their own indicators are standardised by.
counted as (
    {% for rule_id, checked, column in rules -%}
        select
            '{{ rule_id }}' as rule_id,
            organisation_code,
            quarter,
            {{ checked }} as n_checked,
            n_{{ rule_id | lower }} as n_failed
        from totals
        where
            organisation_class in ('trust'{{ ", 'pct'" if rule_id == 'A16' }})
            {%- if column %} and {{ column }}{% endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ rated_rules('counted', 'hes_apc') }}

select * from final
