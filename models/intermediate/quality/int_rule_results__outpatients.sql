{#- Rule, rows that it looks at: O01 and what is said of the patient before duplicates go. -#}
{% set rules = [
    ('O01', 'n_rows'),
    ('O02', 'n_left'),
    ('O03', 'n_left'),
    ('O04', 'n_left'),
    ('A15', 'n_rows'),
    ('A16', 'n_rows'),
    ('A17', 'n_rows'),
] -%}
{% set fields = ['n_rows', 'n_left'] -%}
{% for rule_id, checked in rules -%}
    {% do fields.append('n_' ~ rule_id | lower) -%}
{% endfor -%}
with

appointments as (
    select
        submission_id,
        submitted_provider_code,
        submitted_pct_code,
        quarter,
        age,
        sex,
        treatment_function,
        is_without_outcome,
        is_without_attendance,
        is_without_source,
        is_duplicate
    from {{ ref('int_appointments') }}
),

organisation_codes as (
    select code from {{ ref('int_organisation_codes') }}
),

{{ submission_columns(['tretspef', 'pctcode_his']) }},

-- Rows are counted once; whose they are, and what their file has, is looked up for the counts.
counts as (
    select
        appointments.submission_id,
        appointments.submitted_provider_code,
        appointments.submitted_pct_code,
        appointments.quarter,
        count(*) as n_rows,
        count(*) filter (where not appointments.is_duplicate) as n_left,
        count(*) filter (where appointments.is_duplicate) as n_o01,
        {{ counts_of_faults(faults_of_appointments()) }}
    from appointments
    group by
        appointments.submission_id, appointments.submitted_provider_code,
        appointments.submitted_pct_code, appointments.quarter
),

described as (
    select
        counts.*,
        case when organisation_codes.code is null then counts.n_rows else 0 end as n_a17,
        coalesce(submission_columns.has_tretspef, false) as has_tretspef,
        coalesce(submission_columns.has_pctcode_his, false) as has_pct
    from counts
    left join organisation_codes
        on counts.submitted_pct_code = organisation_codes.code
    left join submission_columns
        on counts.submission_id = submission_columns.submission_id
),

counts_of_organisations as (
    {{ trusts_and_pcts('described', fields + ['has_tretspef', 'has_pct']) }}
),

totals as (
    select
        organisation_code,
        organisation_class,
        quarter,
        {% for field in fields -%}
            sum({{ field }}) as {{ field }},
        {% endfor -%}
        bool_or(has_tretspef) as has_tretspef,
        bool_or(has_pct) as has_pct
    from counts_of_organisations
    group by organisation_code, organisation_class, quarter
),

-- What a PCT is judged by is what its own indicators need of its patients' rows.
counted as (
    {% for rule_id, checked in rules -%}
        select
            '{{ rule_id }}' as rule_id,
            organisation_code,
            quarter,
            {{ checked }} as n_checked,
            n_{{ rule_id | lower }} as n_failed
        from totals
        {% if rule_id in ['O01', 'A15', 'A17'] -%}
            where
                organisation_class = 'trust'
                {%- if rule_id == 'A15' %} and has_tretspef{% elif rule_id == 'A17' %} and has_pct{% endif %}
        {% endif -%}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ rated_rules('counted', 'hes_op') }}

select * from final
